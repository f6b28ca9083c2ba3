//! NCMEC hash sharing, version 2: pages of `/v2/entries`, and what is said back.

use serde_json::json;
use tutela_core::ContentSignal;

use super::{Record, Records, is_disputed, labels};
use crate::FormatError;
use crate::lists::xml::{NOT_ASCII, Step, Stop, Xml};

const SENDER: &str = "ncmec";

/// One page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// The entries. The key is `member-id`.
    pub records: Records,
    /// Where the next page is, below the address of the environment; `None` on the last.
    pub next: Option<String>,
    /// Entries that follow this page, as its link estimates them.
    pub to_follow: u64,
}

/// Reads a page. An entry that was deleted has no signals; nor has a fingerprint that as many members
/// dispute as affirm, or one that stands behind a link.
///
/// # Errors
/// Anything but one whole `queryResult`.
pub fn page(bytes: &[u8]) -> Result<Page, FormatError> {
    let refused = |reason| FormatError::Answer { sender: SENDER, reason };
    let mut input = bytes;
    let mut xml = Xml::new(&mut input);
    let mut page = Page::default();
    let mut entry: Option<Entry> = None;
    let mut found = false;
    loop {
        match xml.step() {
            Ok(Step::Open) => match (xml.path(), &mut entry) {
                ([root], _) if root == "queryResult" && !found => found = true,
                ([_], _) => return Err(refused("it is not one `queryResult`")),
                ([_, group, name], None) if group == "images" || group == "videos" => {
                    entry = Entry::of(name);
                }
                ([_, _, _, inner @ ..], Some(entry)) => entry.open(&parts(inner), &xml),
                _ => {}
            },
            Ok(Step::Close) => match (xml.path(), &mut entry) {
                ([_, paging, next], None) if paging == "paging" && next == "next" => {
                    page.next = (!xml.text().is_empty()).then(|| xml.text().replace("&amp;", "&"));
                }
                ([_, _, _], Some(_)) => page.records.take(entry.take().and_then(Entry::finish)),
                ([_, _, _, inner @ ..], Some(entry)) => entry.close(&parts(inner), xml.text()),
                _ => {}
            },
            Ok(Step::End) if found => break,
            Ok(Step::End) => return Err(refused("it is not one `queryResult`")),
            Err(Stop::Cut(reason)) => return Err(refused(reason)),
            Err(Stop::Read(source)) => return Err(FormatError::Read { format: SENDER, source }),
        }
    }
    if page.next.as_ref().is_some_and(|next| !next.starts_with("/v2/entries?")) {
        return Err(refused("its next page is not below `/v2/entries`"));
    }
    page.to_follow = page.next.as_deref().and_then(to_follow).unwrap_or(0);
    Ok(page)
}

/// What a member says of a fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback<'a> {
    /// It is right.
    Affirmative,
    /// It is not, for a reason that the service lists.
    Negative {
        /// Guid of the reason.
        reason: &'a str,
    },
}

/// Where feedback on a fingerprint goes, below the address of the environment. `None` for a key or kind
/// that the service has not got.
pub fn feedback_path(key: &str, kind: &str) -> Option<String> {
    let (member, id) = key.split_once('-')?;
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let name = fingerprint(kind)?;
    (plain(member) && plain(id)).then(|| format!("/v2/entries/{member}/{id}/{name}/feedback"))
}

/// Where the reasons for negative feedback on a kind are listed.
pub fn reasons_path(kind: &str) -> Option<String> {
    Some(format!("/v2/feedback/{}/reasons", fingerprint(kind)?))
}

/// The service's name of a kind of signal, as its paths have it.
fn fingerprint(kind: &str) -> Option<&'static str> {
    match kind {
        "md5" | "video_md5" => Some("MD5"),
        "sha1" => Some("SHA1"),
        "pdq" => Some("PDQ"),
        _ => None,
    }
}

/// The body of feedback.
pub fn feedback(feedback: Feedback<'_>) -> String {
    let inner = match feedback {
        Feedback::Affirmative => "<affirmative/>".to_owned(),
        Feedback::Negative { reason } => {
            let reason = quick_xml::escape::escape(reason);
            format!("<negative><reasonIds><guid>{reason}</guid></reasonIds></negative>")
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <feedbackSubmission xmlns=\"https://hashsharing.ncmec.org/hashsharing/v2\">{inner}</feedbackSubmission>\n"
    )
}

/// The reasons that the service takes for negative feedback: guid and name.
///
/// # Errors
/// Anything but whole XML with reasons in it.
pub fn reasons(bytes: &[u8]) -> Result<Vec<(String, String)>, FormatError> {
    let refused = |reason| FormatError::Answer { sender: SENDER, reason };
    let mut input = bytes;
    let mut xml = Xml::new(&mut input);
    let mut reasons = Vec::new();
    loop {
        match xml.step() {
            Ok(Step::Open) => {
                let guid =
                    xml.attribute("guid").filter(|_| xml.path().ends_with(&["reason".to_owned()]));
                let name = xml.attribute("name").unwrap_or_default().to_owned();
                reasons.extend(guid.map(|guid| (guid.to_owned(), name)));
            }
            Ok(Step::Close) => {}
            Ok(Step::End) if reasons.is_empty() => return Err(refused("it lists no reasons")),
            Ok(Step::End) => return Ok(reasons),
            Err(Stop::Cut(reason)) => return Err(refused(reason)),
            Err(Stop::Read(source)) => return Err(FormatError::Read { format: SENDER, source }),
        }
    }
}

/// How many entries a link says are left: `start` and `max` are numbers of entries.
fn to_follow(next: &str) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        let (_, query) = next.split_once('?')?;
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
        pair?.parse().ok()
    };
    Some(number("max")?.saturating_sub(number("start")?) + 1)
}

fn parts(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

/// One entry while its element is open.
#[derive(Default)]
struct Entry {
    video: bool,
    deleted: bool,
    member: Option<String>,
    id: Option<String>,
    timestamp: Option<String>,
    classification: Option<String>,
    fingerprints: Vec<(String, String)>,
    /// Kind of fingerprint, members who affirm it, members who dispute it.
    feedback: Vec<(String, usize, usize)>,
}

impl Entry {
    fn of(name: &str) -> Option<Self> {
        let (video, deleted) = match name {
            "image" => (false, false),
            "video" => (true, false),
            "deletedImage" => (false, true),
            "deletedVideo" => (true, true),
            _ => return None,
        };
        Some(Self { video, deleted, ..Self::default() })
    }

    fn open(&mut self, path: &[&str], xml: &Xml<'_>) {
        match path {
            ["member"] => self.member = xml.attribute("id").map(str::to_owned),
            ["feedback", "affirmativeFeedback" | "negativeFeedback"] => {
                let kind = xml.attribute("type").unwrap_or_default().to_ascii_lowercase();
                self.feedback.push((kind, 0, 0));
            }
            ["feedback", side, .., "member"] => {
                if let Some((_, affirmed, disputed)) = self.feedback.last_mut() {
                    *if *side == "negativeFeedback" { disputed } else { affirmed } += 1;
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, path: &[&str], text: &str) {
        let text = || Some(text.to_owned()).filter(|text| !text.is_empty());
        match path {
            ["id"] => self.id = text(),
            ["timestamp"] => self.timestamp = text(),
            ["classification"] => self.classification = text(),
            ["fingerprints", kind] => {
                let kind = kind.to_ascii_lowercase();
                self.fingerprints.extend(text().map(|value| (kind, value)));
            }
            _ => {}
        }
    }

    fn finish(self) -> Option<Record> {
        let (member, id) = (self.member.as_ref()?, self.id.as_ref()?);
        let plain = |text: &str| !text.is_empty() && !text.contains(NOT_ASCII);
        if !plain(member) || !plain(id) {
            return None;
        }
        let mut signals: Vec<ContentSignal> = Vec::new();
        for (name, value) in &self.fingerprints {
            let kind = match name.as_str() {
                "pdna" => "photodna",
                "md5" if self.video => "video_md5",
                name => name,
            };
            let twice = signals.iter().any(|signal| signal.kind == kind);
            if !self.deleted && !twice && !self.is_disputed(name) {
                signals.push(ContentSignal { kind: kind.to_owned(), value: value.clone() });
            }
        }
        let members = |of: fn(&(String, usize, usize)) -> usize| -> serde_json::Map<_, _> {
            let of_kind = |kind: &String| -> usize {
                self.feedback.iter().filter(|(name, ..)| name == kind).map(of).sum()
            };
            let kinds = self.feedback.iter().map(|(kind, ..)| kind);
            kinds
                .map(|kind| (kind.clone(), json!(of_kind(kind))))
                .filter(|(_, n)| *n != 0)
                .collect()
        };
        let record = json!({
            "member": member, "id": id, "type": if self.video { "video" } else { "image" },
            "timestamp": self.timestamp, "classification": self.classification,
            "affirmed": members(|(_, affirmed, _)| *affirmed), "disputed": members(|(.., disputed)| *disputed),
        });
        Some(Record {
            key: format!("{member}-{id}"),
            signals,
            labels: labels(self.classification.as_deref().into_iter()),
            record_json: record.to_string(),
        })
    }

    fn is_disputed(&self, fingerprint: &str) -> bool {
        let of = self.feedback.iter().filter(|(kind, ..)| kind == fingerprint);
        let (affirmed, disputed) =
            of.fold((0, 0), |(yes, no), (_, affirmed, disputed)| (yes + affirmed, no + disputed));
        is_disputed(affirmed, disputed)
    }
}

#[cfg(test)]
mod tests {
    use super::{Feedback, feedback, feedback_path, page, reasons};

    const HEAD: &str =
        "<?xml version='1.0'?><queryResult xmlns='https://hashsharing.ncmec.org/hashsharing/v2'>";

    fn shown(inner: &str) -> Vec<String> {
        let page = page(format!("{HEAD}{inner}</queryResult>").as_bytes()).unwrap();
        let one = |record: &super::Record| {
            let signals: Vec<String> =
                record.signals.iter().map(|s| format!("{}={}", s.kind, s.value)).collect();
            format!("{} {} [{}]", record.key, signals.join(" "), record.labels.join(" "))
        };
        let mut shown: Vec<String> = page.records.sound.iter().map(one).collect();
        shown.extend(
            (page.records.unsound > 0).then(|| format!("{} unsound", page.records.unsound)),
        );
        shown.extend(page.next.map(|next| format!("then {next} ({})", page.to_follow)));
        shown
    }

    #[test]
    fn entries_are_read_with_all_they_say() {
        let image = "<image><member id='42'>Name</member><timestamp>2026-01-02T03:04:05Z</timestamp>\
            <id>a1</id><classification>A1</classification><fingerprints><md5>aa</md5><pdna>xx</pdna>\
            <tmk_pdqf rel='self' href='/v2/x'/></fingerprints></image>";
        let video =
            "<video><member id='7'/><id>v</id><fingerprints><md5>bb</md5></fingerprints></video>";
        let gone = "<deletedImage><member id='42'/><id>a2</id></deletedImage>";
        let next = "<paging><next>/v2/entries?from=x&amp;start=2001&amp;size=1000&amp;max=3000</next></paging>";
        assert_eq!(
            shown(&format!(
                "<images count='2'>{image}{gone}</images><videos>{video}</videos>{next}"
            )),
            [
                "42-a1 md5=aa photodna=xx [A1]",
                "42-a2  []",
                "7-v video_md5=bb []",
                "then /v2/entries?from=x&start=2001&size=1000&max=3000 (1000)",
            ]
        );
        assert_eq!(shown(""), [""; 0]);
        assert_eq!(
            shown(
                "<images><image><id>x</id></image><image><member id='é'/><id>y</id></image></images>"
            ),
            ["2 unsound"]
        );
    }

    #[test]
    fn what_members_dispute_does_not_match() {
        let check = |feedback: &str, expected: &str| {
            let entry = format!(
                "<images><image><member id='1'/><id>a</id><fingerprints><md5>aa</md5><pdq>bb</pdq></fingerprints>\
                 <feedback>{feedback}</feedback></image></images>"
            );
            assert_eq!(shown(&entry), [expected], "{feedback}");
        };
        let members = |side: &str, kind: &str, count: usize| {
            let members = "<member id='9'/>".repeat(count);
            format!("<{side}Feedback type='{kind}'><members>{members}</members></{side}Feedback>")
        };
        let (yes, no) = (|n| members("affirmative", "Md5", n), |n| members("negative", "Md5", n));
        check(&yes(2), "1-a md5=aa pdq=bb []");
        check(&no(1), "1-a pdq=bb []");
        check(&format!("{}{}", yes(1), no(1)), "1-a pdq=bb []");
        check(&format!("{}{}", yes(2), no(1)), "1-a md5=aa pdq=bb []");
        check(&format!("{}{}", no(1), members("negative", "Pdq", 3)), "1-a  []");
    }

    #[test]
    fn a_page_is_whole_or_refused() {
        for bad in [
            "",
            "<html>busy</html>",
            "{\"error\":1}",
            HEAD,
            &format!("{HEAD}<images><image>"),
            &format!("{HEAD}</queryResult><queryResult/>"),
            &format!(
                "{HEAD}<paging><next>https://evil.example/v2/entries?x</next></paging></queryResult>"
            ),
        ] {
            assert!(page(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn feedback_is_said_in_the_words_of_the_service() {
        assert_eq!(feedback_path("42-a1", "video_md5").unwrap(), "/v2/entries/42/a1/MD5/feedback");
        for (key, kind) in [("42-a/../1", "md5"), ("42", "md5"), ("42-", "pdq"), ("42-a", "sha256")]
        {
            assert_eq!(feedback_path(key, kind), None, "{key} {kind}");
        }
        assert!(feedback(Feedback::Affirmative).contains("<affirmative/>"));
        assert!(feedback(Feedback::Negative { reason: "a<b" }).contains("<guid>a&lt;b</guid>"));
        let listed = "<availableFeedbackReasons><reason guid='1' name='Wrong' type='x'/></availableFeedbackReasons>";
        assert_eq!(reasons(listed.as_bytes()).unwrap(), [("1".to_owned(), "Wrong".to_owned())]);
        assert!(reasons(b"<a/>").is_err());
    }
}
