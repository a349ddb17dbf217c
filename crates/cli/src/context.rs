//! From flags to a configuration and an application.

use anyhow::{Context as _, anyhow};
use platform::App;
use platform::config::{Config, Sources};

use crate::args::Global;

impl Global {
    /// The sources of the configuration, with `extra` as if they were flags.
    pub fn sources(&self, extra: &[(&str, String)]) -> anyhow::Result<Sources> {
        let mut flags: Vec<(String, String)> =
            extra.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
        if let Some(url) = &self.database_url {
            flags.push(("database.url".into(), url.clone()));
        }
        if let Some(folder) = &self.data_dir {
            flags.push(("data_dir".into(), folder.display().to_string()));
        }
        for setting in &self.settings {
            let (key, value) =
                setting.split_once('=').ok_or_else(|| anyhow!("--set takes KEY=VALUE, not {setting}"))?;
            flags.push((key.to_owned(), value.to_owned()));
        }
        Ok(Sources::of_process(self.config.clone(), flags))
    }

    /// The checked configuration.
    pub fn load(&self, extra: &[(&str, String)]) -> anyhow::Result<Config> {
        Ok(Config::load(&self.sources(extra)?)?)
    }

    /// The application, with its log and metrics started.
    pub async fn app(&self, extra: &[(&str, String)]) -> anyhow::Result<App> {
        let config = self.load(extra)?;
        platform::telemetry::init(&config.log);
        // Without a recorder /metrics answers 404; nothing else depends on it.
        let _ = platform::telemetry::metrics();
        App::build(config).await.context("cannot open the installation")
    }
}
