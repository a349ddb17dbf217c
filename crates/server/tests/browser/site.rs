//! The program with the data of the demonstration, served on a port of its own; time moves as the test says.

use server::demo::{Logins, Scale, code_at, seed_scaled};
use testkit::TestApp;
use tokio_util::sync::CancellationToken;

pub struct Site {
    pub t: TestApp,
    pub base: String,
    pub logins: Logins,
    shutdown: CancellationToken,
    running: tokio::task::JoinHandle<()>,
}

impl Site {
    pub async fn start() -> Self {
        let t = TestApp::sqlite().await;
        let logins = seed_scaled(&t.app, Scale::Sample).await.unwrap();
        let server = server::Server::bind(t.app.clone()).await.unwrap();
        let base = format!("http://{}", server.address().unwrap());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server.run(shutdown).await.unwrap() }
        });
        Self { t, base, logins, shutdown, running }
    }

    /// The next code of a second factor: each counts once.
    pub fn code(&self) -> String {
        self.t.advance(std::time::Duration::from_secs(31));
        code_at(self.t.now().timestamp()).unwrap()
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
    }
}
