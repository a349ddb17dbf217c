//! `migrate`: the schema, with the care a production database deserves.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, bail};
use indicatif::{ProgressBar, ProgressStyle};
use migration::{Runner, State};
use platform::App;
use platform::config::Config;

use crate::args::{Confirm, Global, MigrateCommand};

/// Runs a schema command.
pub async fn migrate(global: &Global, command: Option<MigrateCommand>) -> anyhow::Result<ExitCode> {
    let config = global.load(&[])?;
    std::fs::create_dir_all(&config.data_dir)?;
    let runner = Runner::connect(config.database.url.expose()).await?;
    match command.unwrap_or(MigrateCommand::Up) {
        MigrateCommand::Up => told("applied", runner.up(progress()).await?),
        MigrateCommand::Rollback { step, confirm } => {
            allow(&config, &runner, &confirm).await?;
            told("taken back", runner.rollback(step, progress()).await?);
        }
        MigrateCommand::Reset { confirm } => {
            allow(&config, &runner, &confirm).await?;
            told("taken back", runner.reset(progress()).await?);
        }
        MigrateCommand::Refresh { seed, confirm } => {
            allow(&config, &runner, &confirm).await?;
            told("applied again", runner.refresh(progress()).await?);
            install_when(seed, config).await?;
        }
        MigrateCommand::Fresh { seed, confirm } => {
            allow(&config, &runner, &confirm).await?;
            told("applied", runner.fresh(progress()).await?);
            install_when(seed, config).await?;
        }
        MigrateCommand::Status { json } => {
            let steps = runner.status().await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&steps)?);
            } else {
                for step in steps {
                    let batch = step.batch.map_or("pending".to_owned(), |batch| format!("run {batch}"));
                    let stranger = if step.known { "" } else { "  (not of this program)" };
                    println!("{batch:>9}  {}{stranger}", step.name);
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Refuses to serve on a schema that is behind: half a schema answers with errors nobody understands.
pub async fn require_current(config: &Config) -> anyhow::Result<()> {
    let runner = Runner::connect(config.database.url.expose()).await?;
    let pending = runner.status().await?.iter().filter(|step| step.batch.is_none()).count();
    if pending > 0 {
        bail!("{pending} schema steps are pending: run `hairline migrate up` first");
    }
    Ok(())
}

/// Applies every pending step, quietly.
pub async fn up(config: &Config) -> anyhow::Result<()> {
    let runner = Runner::connect(config.database.url.expose()).await?;
    runner.up(|_, _| {}).await?;
    Ok(())
}

async fn install_when(seed: bool, config: Config) -> anyhow::Result<()> {
    if seed {
        let app = App::build(config).await?;
        server::install(&app).await?;
        println!("Reference data is in.");
    }
    Ok(())
}

fn told(what: &str, steps: Vec<String>) {
    match steps.len() {
        0 => println!("Nothing to do."),
        count => println!("{count} steps {what}."),
    }
}

fn progress() -> impl FnMut(&str, State) {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::no_length() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {pos} steps  {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    move |name, state| match state {
        State::Running => bar.set_message(name.to_owned()),
        State::Done(_) => bar.inc(1),
    }
}

/// In production a destroying command needs `--force` and the database's name.
async fn allow(config: &Config, runner: &Runner, confirm: &Confirm) -> anyhow::Result<()> {
    if !config.mode.is_production() {
        return Ok(());
    }
    if !confirm.force {
        bail!("this destroys data of a production database: it needs --force and the database's name");
    }
    let name = runner.database_name().await?;
    let typed = match &confirm.confirm {
        Some(typed) => typed.clone(),
        None => ask(&name)?,
    };
    if typed.trim() != name {
        bail!("the name does not match: nothing was done");
    }
    Ok(())
}

fn ask(name: &str) -> anyhow::Result<String> {
    eprint!("This destroys data. Type the database's name ({name}) to go on: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("nobody is there to confirm")?;
    Ok(line)
}
