//! The pages of all wings, and the demonstration's mail page.

mod mails;

use axum::Router;
use axum::routing::get;
use platform::App;
use platform::config::Mode;

/// Every page of the site.
pub fn routes(app: &App) -> Router<App> {
    let pages = Router::new().merge(content::pages()).merge(identity::pages()).merge(analytics::pages());
    match app.config.mode {
        // Mails hold codes and links: nobody but a demonstration shows them.
        Mode::Demo => pages.route("/demo/mails", get(mails::list)).route("/demo/mails/{id}", get(mails::show)),
        _ => pages,
    }
}
