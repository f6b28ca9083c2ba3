//! An alert: a request to look at an account, and how people close one together.

use crate::{OperatorId, Timestamp};

/// Which end of its transfers an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlertSide {
    /// Who received.
    Payee,
    /// Who sent.
    Payer,
}

impl AlertSide {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Payee, Self::Payer];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payee => "payee",
            Self::Payer => "payer",
        }
    }
}

/// How far people have come with an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertState {
    /// Nobody has taken it.
    New,
    /// Somebody is to look at it.
    Assigned,
    /// Somebody has looked at it, and may have proposed how it is to be closed.
    InReview,
    /// Two people hold it for founded.
    Confirmed,
    /// Two people hold it for unfounded.
    Dismissed,
}

impl AlertState {
    /// All five.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Assigned, Self::InReview, Self::Confirmed, Self::Dismissed];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Assigned => "assigned",
            Self::InReview => "in_review",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }

    /// Whether two people have closed it.
    pub const fn is_closed(self) -> bool {
        match self {
            Self::New | Self::Assigned | Self::InReview => false,
            Self::Confirmed | Self::Dismissed => true,
        }
    }
}

/// How an alert can be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AlertOutcome {
    /// The payments are what the alert points at, as far as the records tell. It says nothing of guilt.
    Confirmed,
    /// They have another explanation.
    Dismissed,
}

impl AlertOutcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Confirmed, Self::Dismissed];

    /// Its name in documents.
    pub const fn as_str(self) -> &'static str {
        self.state().as_str()
    }

    /// The state that it leads to.
    pub const fn state(self) -> AlertState {
        match self {
            Self::Confirmed => AlertState::Confirmed,
            Self::Dismissed => AlertState::Dismissed,
        }
    }
}

/// What one person proposes, for another to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertProposal {
    /// How it is to be closed.
    pub outcome: AlertOutcome,
    /// Id of the reason for a dismissal; none for a confirmation.
    pub reason: Option<String>,
    /// Who proposes.
    pub by: OperatorId,
    /// When.
    pub at: Timestamp,
}

/// Where an alert stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertStanding {
    /// How far it is.
    pub state: AlertState,
    /// Who is to look at it.
    pub assigned_to: Option<OperatorId>,
    /// What was proposed last, unless it was sent back; once closed, what was approved.
    pub proposal: Option<AlertProposal>,
    /// Who approved it, and when.
    pub approved: Option<(OperatorId, Timestamp)>,
}

/// What a person does with an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertAct {
    /// Gives it to somebody.
    Assign(OperatorId),
    /// Writes a note.
    Note,
    /// Proposes how to close it; a dismissal names its reason by id.
    Propose(AlertOutcome, Option<String>),
    /// Closes it as another person proposed.
    Approve,
    /// Sends a proposal back, or takes one's own back.
    Return,
    /// Has names shown.
    ShowNames,
}

/// Why an act is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AlertRefusal {
    /// Whoever proposed may not approve.
    #[error("whoever proposed an outcome does not approve it: a second person has to")]
    FourEyes,
    /// It is closed.
    #[error("the alert is closed")]
    Closed,
    /// There is a proposal already.
    #[error("an outcome is proposed already: it is approved or returned first")]
    Proposed,
    /// There is none to approve or to return.
    #[error("no outcome is proposed")]
    NothingProposed,
}

impl AlertStanding {
    /// Where an alert begins.
    pub const NEW: Self =
        Self { state: AlertState::New, assigned_to: None, proposal: None, approved: None };

    /// Where it stands after a person's act. Notes and names are possible at any time; everything else
    /// ends with the closing, which takes two people.
    ///
    /// # Errors
    /// The act is not possible now, or not for this person.
    pub fn after(
        &self,
        act: &AlertAct,
        by: OperatorId,
        at: Timestamp,
    ) -> Result<Self, AlertRefusal> {
        let mut next = self.clone();
        match act {
            AlertAct::ShowNames => return Ok(next),
            AlertAct::Note if self.state.is_closed() => return Ok(next),
            AlertAct::Note => next.state = AlertState::InReview,
            _ if self.state.is_closed() => return Err(AlertRefusal::Closed),
            AlertAct::Assign(to) => {
                next.assigned_to = Some(*to);
                if self.state == AlertState::New {
                    next.state = AlertState::Assigned;
                }
            }
            AlertAct::Propose(..) if self.proposal.is_some() => return Err(AlertRefusal::Proposed),
            AlertAct::Propose(outcome, reason) => {
                next.state = AlertState::InReview;
                next.proposal =
                    Some(AlertProposal { outcome: *outcome, reason: reason.clone(), by, at });
            }
            AlertAct::Approve => {
                let proposal = self.proposal.as_ref().ok_or(AlertRefusal::NothingProposed)?;
                if proposal.by == by {
                    return Err(AlertRefusal::FourEyes);
                }
                next.state = proposal.outcome.state();
                next.approved = Some((by, at));
            }
            AlertAct::Return => {
                self.proposal.as_ref().ok_or(AlertRefusal::NothingProposed)?;
                next.proposal = None;
            }
        }
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::{AlertAct, AlertOutcome, AlertRefusal, AlertStanding, AlertState};
    use crate::{OperatorId, Timestamp};

    const AT: Timestamp = Timestamp::UNIX_EPOCH;

    fn person(n: u128) -> OperatorId {
        OperatorId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn two_people_close_an_alert_and_one_never_does() {
        let (one, two) = (person(1), person(2));
        let propose = AlertAct::Propose(AlertOutcome::Dismissed, Some("wages".to_owned()));
        let begun = AlertStanding::NEW.after(&AlertAct::Assign(one), one, AT).unwrap();
        assert_eq!((begun.state, begun.assigned_to), (AlertState::Assigned, Some(one)));
        assert_eq!(begun.after(&AlertAct::Approve, two, AT), Err(AlertRefusal::NothingProposed));
        let proposed = begun.after(&propose, one, AT).unwrap();
        assert_eq!(proposed.state, AlertState::InReview);
        assert_eq!(proposed.after(&AlertAct::Approve, one, AT), Err(AlertRefusal::FourEyes));
        assert_eq!(proposed.after(&propose, two, AT), Err(AlertRefusal::Proposed));
        let returned = proposed.after(&AlertAct::Return, two, AT).unwrap();
        assert_eq!((returned.state, &returned.proposal), (AlertState::InReview, &None));
        assert_eq!(returned.after(&AlertAct::Return, two, AT), Err(AlertRefusal::NothingProposed));
        let closed = returned.after(&propose, two, AT).unwrap();
        let closed = closed.after(&AlertAct::Approve, one, AT).unwrap();
        assert_eq!((closed.state, closed.approved), (AlertState::Dismissed, Some((one, AT))));
        for act in [AlertAct::Assign(one), propose, AlertAct::Approve, AlertAct::Return] {
            assert_eq!(closed.after(&act, two, AT), Err(AlertRefusal::Closed), "{act:?}");
        }
        for act in [AlertAct::Note, AlertAct::ShowNames] {
            assert_eq!(closed.after(&act, two, AT), Ok(closed.clone()), "{act:?}");
        }
    }

    #[test]
    fn a_note_begins_a_review_and_names_change_nothing() {
        let noted = AlertStanding::NEW.after(&AlertAct::Note, person(1), AT).unwrap();
        assert_eq!(noted.state, AlertState::InReview);
        let shown = AlertStanding::NEW.after(&AlertAct::ShowNames, person(1), AT);
        assert_eq!(shown, Ok(AlertStanding::NEW));
    }
}
