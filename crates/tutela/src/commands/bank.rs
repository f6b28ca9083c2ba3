//! `bank create`, `ls`, `show`, `set`, `add`, `fill`, `remove`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::intake::lists::ListStatement;
use tutela_app::jobs::{add_files, fill};
use tutela_app::service::{NewContent, Service};
use tutela_app::views::{
    AllBanksView, BankAddView, BankFillView, ContentView, FailureView, FileFailureView,
    OneBankView, SignalBankView,
};
use tutela_app::{AppError, Workspace};
use tutela_core::{BankTerms, ContentSignal, ContentTerms, Ratio, Timestamp};

use super::workspace::open;
use crate::cli::{BankAddArgs, BankFillArgs, BankTermsArgs, BankVerb, Global, RoleArg};
use crate::output::{self, visible};
use crate::progress::Entries;

/// Row errors that are shown; `--json` has more.
const ROW_ERRORS_SHOWN: usize = 10;

pub(super) fn run(global: &Global, verb: &BankVerb) -> Result<ExitCode> {
    let workspace = open(global)?;
    let service = Service::curating(&workspace);
    workspace.block_on(service.refresh())?;
    let by = workspace.operator();
    match verb {
        BankVerb::Create { name, terms } => {
            let mut made = BankTerms::named(name);
            change(&mut made, terms, &workspace)?;
            let bank = workspace.block_on(service.create_bank(by, &made))?;
            workspace.checkpoint()?;
            show(global, "tutela.bank_create.v1", SignalBankView::from(&bank))?;
        }
        BankVerb::Ls => ls(global, &workspace, &service)?,
        BankVerb::Show { bank } => {
            let view = counted(&workspace, &service, bank)?;
            show(global, "tutela.bank_show.v1", view)?;
        }
        BankVerb::Set { bank, name, terms } => {
            let mut changed = service.bank(bank)?.terms.clone();
            if let Some(name) = name {
                name.clone_into(&mut changed.name);
            }
            change(&mut changed, terms, &workspace)?;
            let bank = workspace.block_on(service.change_bank(by, bank, &changed))?;
            workspace.checkpoint()?;
            show(global, "tutela.bank_set.v1", SignalBankView::from(&bank))?;
        }
        BankVerb::Add(args) => add(global, &workspace, &service, args)?,
        BankVerb::Fill(args) => fill_from(global, &workspace, args)?,
        BankVerb::Remove { bank } => {
            let view = counted(&workspace, &service, bank)?;
            workspace.block_on(service.remove_bank(by, bank))?;
            workspace.checkpoint()?;
            if global.json {
                let schema = "tutela.bank_remove.v1";
                output::document(&OneBankView { schema, bank: view })?;
            } else {
                let count = view.content_count.unwrap_or_default();
                output::text(format_args!("Removed {} with {count} contents", view.name))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn change(terms: &mut BankTerms, args: &BankTermsArgs, workspace: &Workspace) -> Result<()> {
    if let Some(role) = args.role {
        terms.role = match role {
            RoleArg::Alert => tutela_core::BankRole::Alert,
            RoleArg::Allow => tutela_core::BankRole::Allow,
        };
    }
    if let Some(ratio) = args.ratio {
        let reason = "it must be 0 to 1";
        terms.enabled_ratio =
            Ratio::new(ratio).ok_or(AppError::BadField { field: "ratio", reason })?;
    }
    if args.distance.is_some() || args.no_distance {
        terms.distance = args.distance;
    }
    if let Some(note) = &args.note {
        terms.note = Some(note.clone()).filter(|note| !note.is_empty());
    }
    if let Some(alert) = args.alert {
        terms.actions.alert = alert;
    }
    if !args.webhooks.is_empty() {
        let known = &workspace.settings().webhooks;
        if let Some(name) = args.webhooks.iter().find(|name| !known.contains_key(*name)) {
            let (kind, name) = ("webhook in the settings", name.clone());
            return Err(AppError::NoSuch { kind, name }.into());
        }
        terms.actions.webhooks.clone_from(&args.webhooks);
    }
    if args.no_webhooks {
        terms.actions.webhooks.clear();
    }
    Ok(())
}

fn counted(workspace: &Workspace, service: &Service, bank: &str) -> Result<SignalBankView> {
    let found = service.bank(bank)?;
    let count = workspace.block_on(service.content_count(bank))?;
    Ok(SignalBankView { content_count: Some(count), ..SignalBankView::from(found.as_ref()) })
}

fn ls(global: &Global, workspace: &Workspace, service: &Service) -> Result<()> {
    let names: Vec<String> = service.banks().iter().map(|bank| bank.terms.name.clone()).collect();
    let banks: Result<Vec<_>> =
        names.iter().map(|name| counted(workspace, service, name)).collect();
    let view = AllBanksView { schema: "tutela.bank_ls.v1", banks: banks? };
    if global.json {
        return output::document(&view);
    }
    let mut table = output::table(["bank", "role", "ratio", "distance", "contents", "note"]);
    for bank in view.banks {
        table.add_row([
            bank.name,
            bank.role.to_owned(),
            bank.enabled_ratio.to_string(),
            bank.distance.map_or_else(|| "-".to_owned(), |bits| bits.to_string()),
            bank.content_count.unwrap_or_default().to_string(),
            visible(&bank.note.unwrap_or_default()),
        ]);
    }
    output::text(table)
}

fn show(global: &Global, schema: &'static str, bank: SignalBankView) -> Result<()> {
    if global.json {
        return output::document(&OneBankView { schema, bank });
    }
    let distance = bank.distance.map_or_else(|| "that of the type".to_owned(), |n| n.to_string());
    output::text(format_args!(
        "{}\n  role      {}\n  ratio     {}\n  distance  {distance}\n  alert     {}\n  webhooks  {}\n  made      {}",
        bank.name,
        bank.role,
        bank.enabled_ratio,
        bank.actions.alert,
        bank.actions.webhooks.join(", "),
        bank.created_at,
    ))?;
    if let Some(count) = bank.content_count {
        output::text(format_args!("  contents  {count}"))?;
    }
    match bank.note {
        Some(note) => output::text(format_args!("  note      {}", visible(&note))),
        None => Ok(()),
    }
}

fn add(
    global: &Global,
    workspace: &Workspace,
    service: &Service,
    args: &BankAddArgs,
) -> Result<()> {
    let terms = ContentTerms {
        note: args.note.clone(),
        labels: args.labels.clone(),
        ..ContentTerms::default()
    };
    let one = |(kind, value): &(String, String)| NewContent {
        terms: terms.clone(),
        signals: vec![ContentSignal { kind: kind.clone(), value: value.clone() }],
    };
    let mut contents: Vec<NewContent> = args.signals.iter().map(one).collect();
    let mut failures = Vec::new();
    for file in add_files::hash(workspace, service, &args.files, &terms)? {
        contents.push(file.content);
        failures.extend(file.failure.map(|failure| FileFailureView {
            path: visible(&file.path.to_string_lossy()),
            error: FailureView::from(&failure),
        }));
    }
    let by = workspace.operator();
    let numbers = workspace.block_on(service.add_contents(by, &args.bank, contents))?;
    workspace.checkpoint()?;
    let added = workspace.block_on(service.contents(&numbers))?;
    let now = Timestamp::now();
    let contents: Vec<ContentView> =
        added.iter().map(|content| ContentView::new(content, &args.bank, now)).collect();
    let view = BankAddView { schema: "tutela.bank_add.v1", contents, failures };
    if global.json {
        return output::document(&view);
    }
    for content in &view.contents {
        let kinds: Vec<&str> = content.signals.iter().map(|one| one.kind.as_str()).collect();
        output::text(format_args!("Added {} ({})", content.content, kinds.join(", ")))?;
    }
    for failure in &view.failures {
        output::text(format_args!(
            "  {}: {}; only its digests are in",
            failure.path, failure.error.message
        ))?;
    }
    Ok(())
}

fn fill_from(global: &Global, workspace: &Workspace, args: &BankFillArgs) -> Result<()> {
    let stated = ListStatement {
        format: args.format.clone(),
        scheme: args.scheme.clone(),
        sha256: args.sha256,
        ..ListStatement::default()
    };
    let bar = Entries::new(global.quiet);
    let watch = |done, of| bar.show(done, of);
    let filled = fill::fill(workspace, &args.bank, &args.list, &stated, &watch);
    bar.finish();
    let view = BankFillView::new(&args.bank, &filled?);
    if global.json {
        return output::document(&view);
    }
    output::text(format_args!(
        "Filled {} from {} ({}): {} of {} entries are new, {} were in it, {} are withdrawn ({} contents went), {} have no signal \
         that is matched, {} rows rejected.",
        view.bank,
        visible(&view.file),
        view.format,
        view.added,
        view.entries,
        view.known,
        view.withdrawn,
        view.removed,
        view.unmatched,
        view.rejected,
    ))?;
    for note in &view.notes {
        output::text(format_args!("  note: {note}"))?;
    }
    for error in view.row_errors.iter().take(ROW_ERRORS_SHOWN) {
        output::text(format_args!("  {error}"))?;
    }
    if view.truncated {
        output::text("  The file ends inside an entry: what stood before is in the bank.")?;
    }
    Ok(())
}
