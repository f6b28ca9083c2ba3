//! What the matching service answers: the API and `--json` share it.

mod banks;
mod findings;
mod look_ups;
mod signals;
mod state;

pub use banks::{BankActionsView, ContentView, ContentsView, SignalBankView, SignalBanksView};
pub use findings::{DecisionView, MatchFindingView, MatchFindingsView, RuleView};
pub use look_ups::{
    AnsweredView, ContentFactsView, ExchangeRecordView, FramesView, LookUpMatchView, LookUpsView,
};
pub use signals::{DigestsView, UploadView, ValueView};
pub use state::{IndexView, KindIndexView, SignalTypeView, SignalTypesView};
