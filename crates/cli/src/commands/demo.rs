//! `demo`: the product with believable data, in one command.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use platform::App;
use tokio::process::{Child, Command};

use crate::args::Global;

/// Migrates, seeds what is missing, serves, and prints where and with which logins.
///
/// Two processes of their own make the schema and the data (`schema_only`, `seed_for` the address where the demonstration
/// answers): what a hundred migrations and a year of pictures needed goes with them, and the server stays small.
pub async fn demo(
    global: &Global,
    bind: SocketAddr,
    schema_only: bool,
    seed_for: Option<SocketAddr>,
) -> anyhow::Result<ExitCode> {
    let mut global = global.clone();
    let folder = global.data_dir.get_or_insert_with(|| PathBuf::from("data/demo")).clone();
    std::fs::create_dir_all(&folder)?;
    // The past is made first, and its jobs belong to the past: the worker of the present begins afterwards.
    let extra = [("mode", "demo".to_owned()), ("http.bind", bind.to_string()), ("worker.in_serve", "false".to_owned())];
    if let Some(address) = seed_for {
        let app = global.app(&extra).await?;
        return Ok(seed(&app, address).await);
    }
    if schema_only {
        super::migrate::up(&global.load(&extra)?).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let made = again(["--schema-only".into()])?.wait().await?;
    if !made.success() {
        // It has said why.
        return Ok(ExitCode::FAILURE);
    }
    let app = global.app(&extra).await?;
    let shutdown = super::serve::until_signalled()?;
    let server = server::Server::bind(app.clone()).await?;
    let address = server.address()?;
    // The first page answers at once; people and cases appear while the data is made.
    let mut maker = again(["--seed-for".into(), address.to_string().into()])?;
    let seeding = tokio::spawn({
        let shutdown = shutdown.clone();
        async move {
            tokio::select! {
                ended = maker.wait() => if let Err(err) = ended { tracing::warn!(%err, "the maker of the data is lost") },
                () = shutdown.cancelled() => {}
            }
            server::work(app, shutdown).await;
        }
    });
    println!("Hairline demo: http://{address}");
    server.run(shutdown).await?;
    seeding.abort();
    Ok(ExitCode::SUCCESS)
}

async fn seed(app: &App, address: SocketAddr) -> ExitCode {
    match server::demo::seed(app).await {
        Ok(logins) => {
            println!("{}", logins.told(address));
            ExitCode::SUCCESS
        }
        Err(err) => {
            eprintln!("error: the demo data is incomplete: {err}");
            ExitCode::FAILURE
        }
    }
}

/// This program again, with the same settings, for one part of the work. It ends with its parent.
fn again<const N: usize>(part: [OsString; N]) -> anyhow::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).args(part).kill_on_drop(true);
    Ok(command.spawn()?)
}
