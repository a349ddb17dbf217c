//! `db`: descriptions of the schema, and reference data.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};

use crate::args::{DbCommand, Global};

/// Runs a schema description command.
pub async fn db(global: &Global, command: DbCommand) -> anyhow::Result<ExitCode> {
    match command {
        DbCommand::Describe { out } => describe(&out)?,
        DbCommand::Erd { area: None, .. } => {
            for area in migration::areas() {
                println!("{}", area.name);
            }
        }
        DbCommand::Erd { area: Some(area), svg } => {
            let drawn = if svg { migration::describe::erd_svg(&area) } else { migration::describe::erd(&area) };
            println!("{}", drawn.ok_or_else(|| anyhow!("there is no area {area}; `hairline db erd` lists them"))?);
        }
        DbCommand::Seed => {
            let app = global.app(&[]).await?;
            super::migrate::require_current(&app.config).await?;
            server::install(&app).await?;
            println!("Reference data is in.");
        }
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
