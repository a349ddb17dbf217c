//! Running: the HTTP server and the worker, in one process or apart, until they are asked to stop.

use std::net::SocketAddr;

use anyhow::Context as _;
use platform::App;
use platform::jobs::Worker;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{registry, router};

/// A server that listens already, so that its address is known before it serves.
pub struct Server {
    listener: TcpListener,
    app: App,
}

impl Server {
    /// Takes the configured address; port 0 takes any free one.
    pub async fn bind(app: App) -> anyhow::Result<Self> {
        let bind = app.config.http.bind;
        let listener = TcpListener::bind(bind).await.with_context(|| format!("cannot listen on {bind}"))?;
        Ok(Self { listener, app })
    }

    /// Where it listens.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// Serves until `shutdown`, then ends the requests that run. The worker runs beside when configured.
    pub async fn run(self, shutdown: CancellationToken) -> anyhow::Result<()> {
        let worker = self.app.config.worker.in_serve.then(|| tokio::spawn(work(self.app.clone(), shutdown.clone())));
        // Its last round comes when no request runs any more.
        let served = CancellationToken::new();
        let sharing = tokio::spawn(platform::rates::keep_sharing(self.app.clone(), served.clone()));
        // Open lines to pages end with the server instead of keeping it.
        let closing = axum::Extension(notifications::live::Closing(shutdown.clone()));
        let service = router(&self.app).layer(closing).into_make_service_with_connect_info::<SocketAddr>();
        let stop = shutdown.clone();
        axum::serve(self.listener, service).with_graceful_shutdown(async move { stop.cancelled().await }).await?;
        served.cancel();
        sharing.await?;
        // When serving ended by itself the worker must end too.
        shutdown.cancel();
        if let Some(worker) = worker {
            worker.await?;
        }
        Ok(())
    }
}

/// Binds and serves.
pub async fn serve(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    Server::bind(app).await?.run(shutdown).await
}

/// Works on jobs, events and schedules until `shutdown`.
pub async fn work(app: App, shutdown: CancellationToken) {
    Worker::new(app, registry()).run(shutdown).await;
}
