//! How programs that generate pictures sign their work in plain text. A table, as of November 2026.
//!
//! It looks at the form of the text: names of settings, nodes and programs. What the text asks a
//! program to draw is not looked at, not kept and not shown.

/// A family of programs and the traces it leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generator {
    /// Its name in results.
    pub name: &'static str,
    /// Beginnings of its name where a file names the program that wrote it.
    pub programs: &'static [&'static str],
    /// Forms of its settings: all words of one line stand in the text.
    pub forms: &'static [&'static [&'static str]],
}

/// The families that are known. Sources: what each program writes, by its own documentation and code.
pub const GENERATORS: &[Generator] = &[
    Generator { name: "SwarmUI", programs: &["SwarmUI"], forms: &[&["\"sui_image_params\""]] },
    Generator {
        name: "Fooocus",
        programs: &["Fooocus"],
        forms: &[&["\"base_model\"", "\"sampler\"", "\"seed\""], &["Fooocus v", "Sampler: "]],
    },
    Generator {
        name: "ComfyUI",
        programs: &["ComfyUI"],
        forms: &[&["\"class_type\"", "\"inputs\""], &["\"last_node_id\"", "\"links\""]],
    },
    Generator {
        name: "InvokeAI",
        programs: &["InvokeAI"],
        forms: &[
            &["\"generation_mode\"", "\"seed\""],
            &["invoke-ai/InvokeAI"],
            &[" -S", " -W", " -H", " -C"],
        ],
    },
    Generator {
        name: "NovelAI",
        programs: &["NovelAI"],
        forms: &[&["\"steps\"", "\"sampler\"", "\"uc\""], &["\"request_type\"", "\"sampler\""]],
    },
    Generator {
        name: "A1111 family",
        programs: &["Stable Diffusion"],
        forms: &[&["Steps: ", "Sampler: "], &["Steps: ", "CFG scale: "]],
    },
    Generator { name: "Midjourney", programs: &["Midjourney"], forms: &[&["Job ID: ", "--v "]] },
    Generator { name: "DALL·E", programs: &["DALL-E", "DALL·E"], forms: &[] },
    Generator { name: "Adobe Firefly", programs: &["Adobe Firefly"], forms: &[] },
    Generator { name: "Draw Things", programs: &["Draw Things"], forms: &[] },
    // A name for a model or add-on that people publish; the tools above write it into their settings.
    Generator { name: "model resource (urn:air)", programs: &[], forms: &[&["urn:air:"]] },
];

/// The family that leaves settings of this form.
pub fn by_text(text: &str) -> Option<&'static Generator> {
    let has = |form: &&[&str]| form.iter().all(|word| text.contains(word));
    GENERATORS.iter().find(|generator| generator.forms.iter().any(has))
}

/// The family of a program by its name.
pub fn by_program(name: &str) -> Option<&'static Generator> {
    let name = name.trim_start();
    let begins = |start: &&str| {
        name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    };
    GENERATORS.iter().find(|generator| generator.programs.iter().any(begins))
}

#[cfg(test)]
mod tests {
    use super::{by_program, by_text};

    #[test]
    fn families_are_told_by_the_form_of_their_settings() {
        let cases = [
            ("a chart\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1", Some("A1111 family")),
            ("{\"3\": {\"class_type\": \"KSampler\", \"inputs\": {}}}", Some("ComfyUI")),
            ("{\"last_node_id\": 9, \"links\": []}", Some("ComfyUI")),
            ("{\"sui_image_params\": {\"seed\": 1}}", Some("SwarmUI")),
            ("\"a chart\" -s50 -S1 -W512 -H512 -C7.5 -Ak_lms", Some("InvokeAI")),
            ("{\"steps\": 28, \"sampler\": \"k_euler\", \"uc\": \"\"}", Some("NovelAI")),
            ("Model: urn:air:sd1:checkpoint:example:1@2", Some("model resource (urn:air)")),
            ("Steps: wash, dry, fold", None),
            ("holiday photograph", None),
        ];
        for (text, expected) in cases {
            assert_eq!(by_text(text).map(|generator| generator.name), expected, "{text}");
        }
    }

    #[test]
    fn programs_are_told_by_name() {
        assert_eq!(by_program("novelai diffusion").map(|g| g.name), Some("NovelAI"));
        assert_eq!(by_program("Adobe Firefly 3").map(|g| g.name), Some("Adobe Firefly"));
        for name in ["Adobe Photoshop 26.0", "DALLÉ", "GIMP", ""] {
            assert_eq!(by_program(name), None, "{name}");
        }
    }
}
