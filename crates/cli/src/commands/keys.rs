//! `keys`: what encrypts the columns, and what signs access tokens.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use kernel::Actor;
use platform::crypto::Key;
use platform::rotation;
use server::sealed;

use crate::args::Global;

/// Prints a new set of keys.
#[expect(clippy::disallowed_methods, reason = "there is no App yet")]
pub fn generate() -> anyhow::Result<ExitCode> {
    for name in ["HAIRLINE_KEYS_APP_KEY", "HAIRLINE_KEYS_INDEX_KEY", "HAIRLINE_KEYS_PEPPER"] {
        println!("{name}={}", Key::new(rand::random()).to_text());
    }
    eprintln!("Keep them outside of the database and its backups: without the app key encrypted columns are lost.");
    Ok(ExitCode::SUCCESS)
}

/// Tells which keys are there and whether the previous ones are still needed.
pub async fn status(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    let report = rotation::inspect(&app, &sealed::tables()).await?;
    let previous = app.config.keys.previous.len();
    if json {
        println!(
            "{}",
            serde_json::json!({ "previous": previous, "columns": report.columns, "left": report.left,
            "failed": report.failed, "removable": report.removable })
        );
        return Ok(ExitCode::SUCCESS);
    }
    println!("app key     present");
    println!("previous    {previous}");
    println!("index key   present");
    println!("pepper      present");
    for column in report.columns.iter().filter(|column| column.left + column.failed > 0) {
        println!(
            "{}.{}: {} values of older keys, {} unreadable",
            column.table, column.column, column.left, column.failed
        );
    }
    match (report.removable, previous) {
        (true, 0) => println!("Everything is written with the current key."),
        (true, _) => println!("Everything is written with the current key: the previous ones may be removed."),
        (false, _) => println!("Run `hairline keys rotate` before a previous key is removed."),
    }
    Ok(ExitCode::SUCCESS)
}

/// Re-encrypts everything with the current key, with a bar for it.
pub async fn rotate(global: &Global) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    let tables = sealed::tables();
    let before = rotation::inspect(&app, &tables).await?;
    let bar = ProgressBar::new(u64::try_from(before.left).unwrap_or_default());
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} values  {per_sec}  {eta} left")?);
    let report = rotation::rotate(&app, &tables, None, |report| {
        bar.set_position(u64::try_from(report.done).unwrap_or_default());
        true
    })
    .await?;
    bar.finish_and_clear();
    println!("{} values re-encrypted, {} left, {} unreadable.", report.done, report.left, report.failed);
    if report.removable {
        println!("The previous keys may be removed from the configuration.");
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("Keep the previous keys: they are still needed.");
    Ok(ExitCode::FAILURE)
}

/// Computes every blind index with the configured index key, with a counter for it.
pub async fn reindex(global: &Global) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    let counter = ProgressBar::new_spinner();
    counter.set_style(ProgressStyle::with_template("{spinner} {pos} fingerprints  {per_sec}")?);
    let report = server::reindex::reindex(&app, |report| counter.set_position(report.done + report.right)).await?;
    counter.finish_and_clear();
    println!("{} fingerprints computed anew, {} were right, {} unreadable.", report.done, report.right, report.failed);
    Ok(if report.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Makes the next key for access tokens and prints its id.
pub async fn rotate_signing(global: &Global) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    let kid = app.signing.rotate(&app, &Actor::system()).await?;
    println!("{kid} signs from in ten seconds on, when every process knows it.");
    println!("Tokens of the key before it are good until they end, 15 minutes at most.");
    Ok(ExitCode::SUCCESS)
}
