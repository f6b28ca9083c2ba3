//! The section on what files say of their own making.

use tutela_app::views::ProvenanceSummaryView;

use crate::Lang;
use crate::words::ProvenanceWords;

/// The data of the section.
pub(super) struct Provenance<'a> {
    pub(super) w: &'static ProvenanceWords,
    pub(super) said: &'a ProvenanceSummaryView,
    pub(super) not_tested: String,
}

impl<'a> Provenance<'a> {
    pub(super) fn new(said: &'a ProvenanceSummaryView, lang: Lang) -> Self {
        Self { w: lang.provenance_words(), said, not_tested: said.not_tested.join(", ") }
    }

    /// What a grade means; a grade of a later version stands for itself.
    pub(super) fn meaning<'b>(&self, grade: &'b str) -> &'b str {
        match grade {
            "V0" => self.w.v0,
            "V1" => self.w.v1,
            "V2" => self.w.v2,
            "V3" => self.w.v3,
            "X" => self.w.x,
            other => other,
        }
    }

    pub(super) fn origin<'b>(&self, origin: &'b str) -> &'b str {
        match origin {
            "generated" => self.w.generated,
            "captured" => self.w.captured,
            "edited" => self.w.edited,
            "ambiguous" => self.w.ambiguous,
            other => other,
        }
    }

    pub(super) fn mode<'b>(&self, mode: &'b str) -> &'b str {
        match mode {
            "compositing" => self.w.compositing,
            "swap" => self.w.swap,
            "synthetic" => self.w.synthetic,
            "none" => self.w.none,
            "unknown" => self.w.unknown,
            other => other,
        }
    }
}
