//! `token create`, `token ls`, `token revoke`.

use std::process::ExitCode;

use anyhow::Result;
use tutela_app::service::tokens;
use tutela_app::views::{OneTokenView, TokenView, TokensView};

use super::workspace::open;
use crate::cli::{Global, Token};
use crate::output::{self, visible};

pub(super) fn run(global: &Global, verb: &Token) -> Result<ExitCode> {
    let workspace = open(global)?;
    match verb {
        Token::Create { name, scopes, expires } => {
            let made = tokens::create(&workspace, name, *scopes, *expires)?;
            workspace.checkpoint()?;
            let token = TokenView::from(&made.token);
            if global.json {
                let secret = Some(made.secret);
                output::document(&OneTokenView {
                    schema: "tutela.token_create.v1",
                    token,
                    secret,
                })?;
            } else {
                output::text(&made.secret)?;
                if !global.quiet {
                    eprintln!(
                        "{} ({}) may {}. It is shown this once: keep it where only the program reads it.",
                        visible(&token.name),
                        token.id,
                        token.scopes.join(", "),
                    );
                }
            }
        }
        Token::Ls => {
            let view = TokensView::new(&tokens::list(&workspace)?);
            if global.json {
                output::document(&view)?;
            } else {
                let mut table =
                    output::table(["token", "name", "scopes", "made", "expires", "revoked"]);
                for one in view.tokens {
                    let or_never = |at: Option<String>| at.unwrap_or_else(|| "-".to_owned());
                    table.add_row([
                        one.id,
                        visible(&one.name),
                        one.scopes.join(", "),
                        one.created_at,
                        or_never(one.expires_at),
                        or_never(one.revoked_at),
                    ]);
                }
                output::text(table)?;
            }
        }
        Token::Revoke { token } => {
            let revoked = TokenView::from(&tokens::revoke(&workspace, token)?);
            workspace.checkpoint()?;
            if global.json {
                output::document(&OneTokenView {
                    schema: "tutela.token_revoke.v1",
                    token: revoked,
                    secret: None,
                })?;
            } else {
                output::text(format_args!("Revoked {} ({})", visible(&revoked.name), revoked.id))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
