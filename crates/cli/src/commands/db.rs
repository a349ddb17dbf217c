//! `db`: descriptions of the schema, and reference data.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use indicatif::{ProgressBar, ProgressStyle};
use platform::App;
use platform::config::Mode;
use server::scale::{self, Scale};

use crate::args::{DbCommand, Global};

/// Runs a schema description command.
pub async fn db(global: &Global, command: DbCommand) -> anyhow::Result<ExitCode> {
    match command {
        DbCommand::Describe { out } => describe(&out)?,
        DbCommand::Erd { area: None, .. } => {
            for area in migration::describe::documented_areas() {
                println!("{area}");
            }
        }
        DbCommand::Erd { area: Some(area), svg } => {
            let drawn = if svg { migration::describe::erd_svg(&area) } else { migration::describe::erd(&area) };
            println!("{}", drawn.ok_or_else(|| anyhow!("there is no area {area}; `hairline db erd` lists them"))?);
        }
        DbCommand::Seed { scale, inquiries, clinics, asked } => {
            let app = global.app(&[]).await?;
            super::migrate::require_current(&app.config).await?;
            server::install(&app).await?;
            println!("Reference data is in.");
            if scale {
                fill(&app, Scale { inquiries, clinics, asked: asked.unwrap_or(clinics) }).await?;
            }
        }
        DbCommand::Explain { times, json } => return explain(global, times, json).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn fill(app: &App, scale: Scale) -> anyhow::Result<()> {
    if app.config.mode == Mode::Production {
        return Err(anyhow!("made-up rows have no place in production; use another mode and database"));
    }
    let bar = ProgressBar::new(scale::expected(&scale));
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos}/{len} rows  {per_sec}  {eta} left")?);
    let shown = bar.clone();
    let filled = scale::fill(app, scale, Arc::new(move |rows| shown.set_position(rows))).await?;
    bar.finish_and_clear();
    println!("{} rows in {:.1} s: {} in a second.", filled.rows, filled.took.as_secs_f64(), filled.rate());
    Ok(())
}

async fn explain(global: &Global, times: usize, json: bool) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    let all = server::explain::run(&app, times, |looked| {
        if json {
            return;
        }
        let verdict = if looked.is_fine() { "ok  " } else { "FAIL" };
        let millis = looked.p50.as_secs_f64() * 1000.0;
        println!("{verdict} {:>8.1} ms {:>3} statements  {:<8} {}", millis, looked.statements, looked.who, looked.path);
        for scan in &looked.scans {
            println!("       reads whole: {scan}");
        }
    })
    .await?;
    if json {
        let line = |looked: &server::explain::Looked| {
            serde_json::json!({ "who": looked.who, "path": looked.path, "statements": looked.statements,
                "p50_ms": looked.p50.as_secs_f64() * 1000.0, "scans": looked.scans })
        };
        println!("{}", serde_json::Value::Array(all.iter().map(line).collect()));
    }
    let bad = all.iter().filter(|looked| !looked.is_fine()).count();
    if bad > 0 {
        eprintln!("{bad} of {} read a large table whole or need more than 8 statements.", all.len());
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn describe(folder: &Path) -> anyhow::Result<()> {
    let pages = migration::describe::pages();
    for (name, content) in &pages {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        std::fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    println!("{} pages written to {}", pages.len(), folder.display());
    Ok(())
}
