//! `demo`: the product with believable data, in one command.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::args::Global;

/// Migrates, seeds what is missing, serves, and prints where and with which logins.
pub async fn demo(global: &Global, bind: SocketAddr) -> anyhow::Result<ExitCode> {
    let mut global = global.clone();
    let folder = global.data_dir.get_or_insert_with(|| PathBuf::from("data/demo")).clone();
    std::fs::create_dir_all(&folder)?;
    // The past is made first, and its jobs belong to the past: the worker of the present begins afterwards.
    let extra = [("mode", "demo".to_owned()), ("http.bind", bind.to_string()), ("worker.in_serve", "false".to_owned())];
    let config = global.load(&extra)?;
    super::migrate::up(&config).await?;
    let app = global.app(&extra).await?;
    let shutdown = super::serve::until_signalled()?;
    let server = server::Server::bind(app.clone()).await?;
    let address = server.address()?;
    // The first page answers at once; people and cases appear while the data is made. Connections of its own make it: what
    // they remember of a year's statements goes with them.
    let maker = platform::App::build(config).await?;
    let seeding = tokio::spawn({
        let (app, shutdown) = (app.clone(), shutdown.clone());
        async move {
            match server::demo::seed(&maker).await {
                Ok(logins) => println!("{}", logins.told(address)),
                Err(err) => eprintln!("error: the demo data is incomplete: {err}"),
            }
            if let Err(err) = maker.db.clone().close().await {
                tracing::warn!(%err, "the connections of the demo data could not be closed");
            }
            drop(maker);
            server::work(app, shutdown).await;
        }
    });
    println!("Hairline demo: http://{address}");
    server.run(shutdown).await?;
    seeding.abort();
    Ok(ExitCode::SUCCESS)
}
