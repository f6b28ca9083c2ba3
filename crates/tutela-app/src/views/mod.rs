//! The one JSON shape of everything that leaves the process: `--json` and the API share it.

mod creation;
mod demo;
mod exchanges;
mod indicators;
mod ledger;
mod list_info;
mod lists;
mod matching;
mod media;
mod payments_alerts;
mod payments_arriving;
mod payments_backtest;
mod payments_formats;
mod payments_network;
mod payments_screen;
mod payments_train;
mod payments_world;
mod people;
mod provenance;
mod scan;
mod tokens;
mod triage;
mod unknown;

pub use creation::{CreationModeView, CreationStatementView, MediaModeView};
pub use demo::{DemoRowView, DemoView};
pub use exchanges::{
    DeliveryView, ExchangeApiView, ExchangeErrorView, ExchangeSchemaView, ExchangeStatusView,
    ExchangeView, FetchView, VerdictView,
};
pub use indicators::{IndicatorView, IndicatorsView};
pub use ledger::{LedgerCheckpointView, LedgerExportView, LedgerVerifyView};
pub use list_info::{CategoryView, FilterView, ListInfoView, SizesView};
pub use lists::{
    BankView, BanksView, CaseView, CasesView, ListCompileView, ListExportView, ListFormatView,
    ListFormatsView, ListImportView,
};
pub use matching::{
    AllBanksView, AnsweredView, BankActionsView, BankAddView, BankFillView, ContentFactsView,
    ContentView, ContentsView, DecisionView, DigestsView, ExchangeRecordView, FileFailureView,
    FramesView, IndexView, KindIndexView, LookUpMatchView, LookUpsView, MadeSignalView,
    MatchFindingView, MatchFindingsView, OneBankView, RuleView, SenderStatusView, SenderView,
    SendersView, SignalBankView, SignalBanksView, SignalTypeView, SignalTypesView, UploadView,
    ValueView,
};
pub use media::{
    CaptureView, Degrees, FailureView, LatencyView, MatchView, MediaHashView, MediaMatchView,
    SignalView,
};
pub use payments_alerts::{
    AlertCountView, AlertEntryView, AlertFullView, AlertItemView, AlertNamesView, AlertPartView,
    AlertPartyView, AlertProposalView, AlertReasonView, AlertTransferView, AlertsView,
    ImportedFileView, LabelsView, PaymentsImportView, ScreeningRaisedView, StoredReasonsView,
    parts_of, strongest_of,
};
pub use payments_arriving::{
    TransferEndView, TransferIndicatorView, TransferRejectedView, TransferTakenView,
    TransfersTakenView,
};
pub use payments_backtest::{BacktestDecisionsView, BacktestStepView, PaymentsBacktestView};
pub use payments_formats::{
    PaymentFieldView, PaymentFormatView, PaymentsFormatsView, PaymentsMapView, ProposedColumnView,
};
pub use payments_network::{
    NetworkAccountView, NetworkChartView, NetworkIdentityView, NetworkLeftOutView,
    NetworkReferralView, NetworkTieView, NetworkTransferView,
};
pub use payments_screen::{
    AlertView, IndicatorHitView, NetworkView, PaymentsScreenView, ScreenTimesView,
};
pub use payments_train::{
    BacktestView, CurveView, DigestView, MonthView, PaymentsTrainView, StrongView, TrainedSideView,
};
pub use payments_world::{
    CorridorView, PaymentsEvaluateView, PaymentsGenerateView, RejectedRowView, SideQualityView,
};
pub use people::{OperatorView, OperatorsView};
pub use provenance::{
    AssertedView, GradeCountView, ManifestView, ModeCountView, ProvenanceSummaryView,
    ProvenanceView, SealedTextView, SignatureView, VerifierView,
};
pub use scan::{
    BucketView, CategoryCountView, CheckView, ClusterView, CodeCountView, DeviceView,
    FindingCounts, ImageView, ItemView, LedgerView, LimitView, ListMatchView, ListView,
    MediaFindingView, OutcomeCounts, ProtectionView, RaisedView, ScanReport, ScanView,
    SelfTestView, SkippedView, SourceView, ThumbnailView, TotalsView,
};
pub use tokens::{OneTokenView, TokenView, TokensView};
pub use triage::{MediaFoundView, NotExaminedView};
pub use tutela_flow::quality::{
    Estimate as EstimateView, Quality as QualityView, Reliability as ReliabilityView,
};
pub use unknown::{
    CategoriseView, ChangeView, ConflictView, ContributionView, EarlierScanView, EarlierTieView,
    EarlierTiesView, EarlierView, GroupView, MediaExportView, SaysView, StatementView, TieView,
};
