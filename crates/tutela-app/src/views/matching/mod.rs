//! What the matching service answers: the API and `--json` share it.

mod banks;
mod findings;
mod look_ups;
mod senders;
mod signals;
mod state;
mod work;

pub use banks::{BankActionsView, ContentView, ContentsView, SignalBankView, SignalBanksView};
pub use findings::{DecisionView, MatchFindingView, MatchFindingsView, RuleView};
pub use look_ups::{
    AnsweredView, ContentFactsView, ExchangeRecordView, FramesView, LookUpMatchView, LookUpsView,
};
pub use senders::{SenderStatusView, SenderView, SendersView};
pub use signals::{DigestsView, MadeSignalView, UploadView, ValueView};
pub use state::{IndexView, KindIndexView, SignalTypeView, SignalTypesView};
pub use work::{AllBanksView, BankAddView, BankFillView, FileFailureView, OneBankView};
