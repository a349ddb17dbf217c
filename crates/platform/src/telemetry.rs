//! The log and the metrics of the process.

use std::sync::{Mutex, OnceLock, PoisonError};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogConfig, LogFormat};

/// Seconds at which request and job durations are counted.
const BUCKETS: &[f64] = &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Starts the log on standard error. A second call changes nothing.
pub fn init(config: &LogConfig) {
    // The level was checked with the configuration.
    let filter = EnvFilter::try_new(&config.level).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let begun = match config.format {
        LogFormat::Json => registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr))
            .try_init(),
        LogFormat::Text => {
            registry.with(tracing_subscriber::fmt::layer().with_target(false).with_writer(std::io::stderr)).try_init()
        }
    };
    if begun.is_err() {
        tracing::debug!("the log was started before");
    }
}

/// The span of a request: everything logged within carries its id. Never names, addresses or bodies.
pub fn request_span(method: &str, path: &str, request_id: &str) -> tracing::Span {
    tracing::info_span!("request", method, path, request_id, actor = tracing::field::Empty)
}

/// The span of a job or schedule.
pub fn job_span(name: &str, id: &str) -> tracing::Span {
    tracing::info_span!("job", name, job_id = id)
}

/// Starts collecting metrics, once per process, and gives what `/metrics` prints. `None` when another recorder
/// was installed before.
pub fn metrics() -> Option<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    static INSTALLING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = HANDLE.get() {
        return Some(handle.clone());
    }
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), BUCKETS).ok()?;
    let handle = builder.install_recorder().ok()?;
    Some(HANDLE.get_or_init(|| handle).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_installed_once_and_print_what_was_counted() {
        let first = metrics().unwrap();
        metrics::counter!("hairline_probe_total", "kind" => "test").increment(3);
        metrics::histogram!("hairline_probe_seconds").record(0.02);
        let again = metrics().unwrap();
        let text = again.render();
        assert!(text.contains("hairline_probe_total{kind=\"test\"} 3"), "{text}");
        assert!(text.contains("hairline_probe_seconds_bucket{le=\"0.025\"} 1"), "{text}");
        assert_eq!(first.render(), text);
    }
}
