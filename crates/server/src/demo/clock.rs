//! A clock that stands still, for use cases that happened earlier.

use std::sync::Arc;

use kernel::{Clock, Timestamp};
use platform::App;

struct Standing(Timestamp);

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// The program as it was at `instant`.
pub fn at(app: &App, instant: Timestamp) -> App {
    app.with_clock(Arc::new(Standing(instant)))
}
