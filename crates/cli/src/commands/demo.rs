//! `demo`: the product with believable data, in one command.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use platform::App;
use server::demo::Told;
use tokio::process::{Child, Command};

use crate::args::Global;

/// Migrates, seeds what is missing, serves, and prints where and with which logins.
///
/// `seed_for` makes it the process that only makes the data, for a demonstration that answers at that address.
pub async fn demo(global: &Global, bind: SocketAddr, seed_for: Option<SocketAddr>) -> anyhow::Result<ExitCode> {
    let mut global = global.clone();
    let folder = global.data_dir.get_or_insert_with(|| PathBuf::from("data/demo")).clone();
    std::fs::create_dir_all(&folder)?;
    // The past is made first, and its jobs belong to the past: the worker of the present begins afterwards.
    let extra = [("mode", "demo".to_owned()), ("http.bind", bind.to_string()), ("worker.in_serve", "false".to_owned())];
    if let Some(address) = seed_for {
        let app = global.app(&extra).await?;
        return Ok(seed(&app, address).await);
    }
    let config = global.load(&extra)?;
    super::migrate::up(&config).await?;
    let app = global.app(&extra).await?;
    let shutdown = super::serve::until_signalled()?;
    let server = server::Server::bind(app.clone()).await?;
    let address = server.address()?;
    // The first page answers at once; people and cases appear while the data is made. A process of its own makes it: what
    // a year of pictures and statements needed goes with it.
    let mut maker = maker(address)?;
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
    // Shown where somebody looks on; the first pages answer long before it is full.
    let bar = ProgressBar::hidden();
    let told = |step: Told<'_>| match step {
        Told::Logins(logins) => {
            println!("{}", logins.told(address));
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        Told::Stories(told, of) => {
            bar.set_length(of.try_into().unwrap_or(u64::MAX));
            bar.set_position(told.try_into().unwrap_or(u64::MAX));
        }
    };
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} patients  {eta} left") {
        bar.set_style(style);
    }
    let outcome = server::demo::seed(app, &told).await;
    bar.finish_and_clear();
    match outcome {
        Ok(logins) => {
            println!("{}", logins.ended());
            ExitCode::SUCCESS
        }
        Err(err) => {
            eprintln!("error: the demo data is incomplete: {err}");
            ExitCode::FAILURE
        }
    }
}

/// This program again, with the same settings, to make the data. It ends with its parent.
fn maker(address: SocketAddr) -> anyhow::Result<Child> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).arg("--seed-for").arg(address.to_string()).kill_on_drop(true);
    Ok(command.spawn()?)
}
