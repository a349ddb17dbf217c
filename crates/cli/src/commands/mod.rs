//! One file per group of commands.

mod checks;
mod db;
mod demo;
mod keys;
mod migrate;
mod serve;
mod user;

use std::process::ExitCode;

use crate::args::{AuditCommand, Cli, Command, ConfigCommand, KeysCommand, LedgerCommand};

/// Runs the chosen command.
pub async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let global = cli.global;
    match cli.command {
        Command::Demo { bind, seed_for } => demo::demo(&global, bind, seed_for).await,
        Command::Serve { bind } => serve::serve(&global, bind).await,
        Command::Worker => serve::worker(&global).await,
        Command::Migrate { command } => migrate::migrate(&global, command).await,
        Command::Db { command } => db::db(&global, command).await,
        Command::User { command } => user::user(&global, command).await,
        Command::Keys { command: KeysCommand::Generate } => keys::generate(),
        Command::Keys { command: KeysCommand::Status { json } } => keys::status(&global, json).await,
        Command::Keys { command: KeysCommand::Rotate } => keys::rotate(&global).await,
        Command::Keys { command: KeysCommand::Reindex } => keys::reindex(&global).await,
        Command::Keys { command: KeysCommand::RotateSigning } => keys::rotate_signing(&global).await,
        Command::Audit { command: AuditCommand::Verify { json } } => checks::audit(&global, json).await,
        Command::Ledger { command: LedgerCommand::Verify { json } } => checks::ledger(&global, json).await,
        Command::Config { command: ConfigCommand::Check { json } } => checks::config(&global, json),
        Command::Config { command: ConfigCommand::List } => checks::settings(),
        Command::Doctor { json } => checks::doctor(&global, json).await,
        Command::Openapi => {
            println!("{}", serde_json::to_string_pretty(&server::published())?);
            Ok(ExitCode::SUCCESS)
        }
    }
}
