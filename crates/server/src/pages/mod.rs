//! The pages of all wings, and the demonstration's mail page.

mod encryption;
mod mails;

use axum::Router;
use platform::App;
use platform::config::Mode;
use platform::web::routing::{get, handled};

/// Every page of the site.
pub fn routes(app: &App) -> Router<App> {
    let pages = Router::new()
        .merge(content::pages())
        .merge(identity::pages())
        .merge(inquiry::pages())
        .merge(catalogue::pages())
        .merge(quoting::pages())
        .merge(promotions::pages())
        .merge(booking::pages())
        .merge(payments::pages())
        .merge(finance::pages())
        .merge(treatment::pages())
        .merge(aftercare::pages())
        .merge(messaging::pages())
        .merge(notifications::pages())
        .merge(reviews::pages())
        .merge(analytics::pages())
        .merge(privacy::pages())
        .route("/admin/encryption", get(encryption::show).post(handled(encryption::rotate)))
        .merge(ui::gallery(app.config.mode == Mode::Demo || app.config.mode == Mode::Test));
    match app.config.mode {
        // Mails hold codes and links: nobody but a demonstration shows them.
        Mode::Demo => pages.route("/demo/mails", get(mails::list)).route("/demo/mails/{id}", get(mails::show)),
        _ => pages,
    }
}
