//! `config check`, `doctor`, `audit verify`, `ledger verify`: is this installation sound?

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};
use migration::Runner;
use platform::App;
use platform::config::{Config, KEYS};
use serde::Serialize;

use crate::args::Global;

/// Explains every problem of the configuration.
pub fn config(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    match Config::load(&global.sources(&[])?) {
        Ok(config) if json => println!("{}", serde_json::json!({ "mode": config.mode, "problems": [] })),
        Ok(config) => println!("The configuration is sound (mode {:?}).", config.mode),
        Err(problems) => {
            if json {
                println!("{}", serde_json::json!({ "problems": problems.0 }));
            } else {
                eprint!("{problems}");
            }
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Lists every setting.
pub fn settings() -> anyhow::Result<ExitCode> {
    for spec in KEYS {
        println!("{:<28} {:<36} {}", spec.key, spec.variable(), spec.help);
    }
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
}

impl Check {
    fn of<T, E: std::fmt::Display>(name: &'static str, result: Result<T, E>, good: impl FnOnce(T) -> String) -> Self {
        match result {
            Ok(value) => Self { name, ok: true, detail: good(value) },
            Err(err) => Self { name, ok: false, detail: err.to_string() },
        }
    }
}

/// Looks at everything the program needs, one line each, and tells which settings are weak. Those do not fail it: they are
/// the operator's choice.
pub async fn doctor(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let mut checks = Vec::new();
    let mut weaknesses = Vec::new();
    let loaded = Config::load(&global.sources(&[])?);
    checks.push(Check::of("configuration", loaded.as_ref(), |config| format!("mode {:?}", config.mode)));
    if let Ok(config) = loaded {
        std::fs::create_dir_all(&config.data_dir)?;
        checks.push(schema(&config).await);
        match App::build(config).await {
            Ok(app) => {
                checks.extend(parts(&app).await);
                weaknesses = identity::doctor::weaknesses(&app).await.unwrap_or_default();
            }
            Err(err) => checks.push(Check { name: "application", ok: false, detail: err.to_string() }),
        }
    }
    let sound = checks.iter().all(|check| check.ok);
    if json {
        let weak = weaknesses.iter().map(|it| serde_json::json!({ "about": it.about, "detail": it.detail }));
        let report = serde_json::json!({ "checks": checks, "weak": weak.collect::<Vec<_>>() });
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        for Check { name, ok, detail } in &checks {
            println!("{}  {name:<14} {detail}", if *ok { "ok  " } else { "FAIL" });
        }
        for weakness in &weaknesses {
            println!("weak  {:<14} {}", weakness.about, weakness.detail);
        }
    }
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn schema(config: &Config) -> Check {
    let status = async { Runner::connect(config.database.url.expose()).await?.status().await }.await;
    match status {
        Ok(steps) => {
            let pending = steps.iter().filter(|step| step.batch.is_none()).count();
            let detail = format!("{} steps, {pending} pending", steps.len());
            Check { name: "schema", ok: pending == 0, detail }
        }
        Err(err) => Check { name: "schema", ok: false, detail: err.to_string() },
    }
}

async fn parts(app: &App) -> Vec<Check> {
    let database = app.db.ping().await;
    let files = app.files.is_reachable().await;
    let mail = app.mailer.is_reachable().await;
    let keys = server::sealed::require_keys(app).await.map_err(|error| error.detail);
    vec![
        Check::of("keys", keys, |()| "nothing waits for a key that is gone".to_owned()),
        Check::of("database", database, |()| format!("{:?} answers", app.db.backend())),
        Check {
            name: "files",
            ok: files,
            detail: format!(
                "{} {}",
                app.config.files.folder.display(),
                if files { "is writable" } else { "is not writable" }
            ),
        },
        Check {
            name: "mail",
            ok: mail,
            detail: format!("from {}{}", app.config.mail.from, if mail { "" } else { ": the server does not answer" }),
        },
    ]
}

/// Proves that the audit log is whole.
pub async fn audit(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    let report = platform::audit::verify(&app).await?;
    if json {
        println!("{}", serde_json::to_string_pretty(&report)?);
    } else {
        println!("{} entries sealed, {} waiting, {} overdue", report.sealed, report.waiting, report.overdue);
        match report.broken {
            Some(broken) => println!("The chain breaks at entry {}: {:?}", broken.id, broken.why),
            None => println!("The chain holds."),
        }
    }
    Ok(if report.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Proves that the ledger holds what its rows say, to the minor unit.
pub async fn ledger(global: &Global, json: bool) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    let bar = ProgressBar::new(server::ledger::count(&app).await?);
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} bookings  {per_sec}  {eta} left")?);
    let report = server::ledger::verify(&app, |done| bar.set_position(done)).await?;
    bar.finish_and_clear();
    let balances: Vec<_> = report
        .balances
        .iter()
        .map(|((account, currency), sum)| {
            serde_json::json!({ "account": account, "currency": currency, "balance": sum })
        })
        .collect();
    if json {
        let told = serde_json::json!({
            "bookings": report.bookings, "statements": report.bills, "entries": report.entries,
            "faulty": report.faulty, "faults": report.faults, "balances": balances,
        });
        println!("{}", serde_json::to_string_pretty(&told)?);
    } else {
        println!("{} bookings, {} statements, {} entries", report.bookings, report.bills, report.entries);
        for ((account, currency), sum) in &report.balances {
            println!("{account:<20} {:>16} {currency}", sum.to_string());
        }
        for fault in &report.faults {
            println!("{:?}  {}: expected {:?}, found {:?}", fault.wrong, fault.about, fault.expected, fault.found);
        }
        match report.faulty {
            0 => println!("The ledger holds."),
            faulty => println!("{faulty} postings do not hold."),
        }
    }
    Ok(if report.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
