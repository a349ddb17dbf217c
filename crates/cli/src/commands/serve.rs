//! `serve` and `worker`.

use std::net::SocketAddr;
use std::process::ExitCode;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::args::Global;

/// Serves until SIGINT or SIGTERM, then ends what runs.
pub async fn serve(global: &Global, bind: Option<SocketAddr>) -> anyhow::Result<ExitCode> {
    let extra: Vec<(&str, String)> = bind.map(|bind| ("http.bind", bind.to_string())).into_iter().collect();
    let app = global.app(&extra).await?;
    super::migrate::require_current(&app.config).await?;
    server::sealed::require_keys(&app).await?;
    // Made here on the first start, so that no sign-in has to wait for it.
    app.signing.ready(&app).await?;
    let shutdown = until_signalled()?;
    let server = server::Server::bind(app).await?;
    println!("Hairline listens on http://{}", server.address()?);
    server.run(shutdown).await?;
    Ok(ExitCode::SUCCESS)
}

/// Works until SIGINT or SIGTERM, then ends the jobs that run.
pub async fn worker(global: &Global) -> anyhow::Result<ExitCode> {
    let app = global.app(&[]).await?;
    super::migrate::require_current(&app.config).await?;
    server::sealed::require_keys(&app).await?;
    let shutdown = until_signalled()?;
    println!("Hairline's worker runs");
    server::work(app, shutdown).await;
    Ok(ExitCode::SUCCESS)
}

/// A token that is cancelled by SIGINT or SIGTERM. A second signal ends the process at once.
pub fn until_signalled() -> anyhow::Result<CancellationToken> {
    let token = CancellationToken::new();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let shutdown = token.clone();
    tokio::spawn(async move {
        for round in 0..2 {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            if round == 0 {
                eprintln!("Ending: requests and jobs that run are finished. Once more to stop at once.");
                shutdown.cancel();
            } else {
                std::process::exit(130);
            }
        }
    });
    Ok(token)
}
