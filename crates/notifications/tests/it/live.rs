//! An open page hears what its own account is told, and nothing else.

use std::time::Duration;

use axum::Extension;
use identity::seed::PatientSpec;
use kernel::Actor;
use kernel::ids::{AnyId, PatientId};
use notifications::live::{Closing, Heard, Hub, Listener};
use platform::jobs::Registry;
use platform::outbox::{self, Event};
use platform::web::CsrfToken;
use serde_json::{Value as Json, json};
use testkit::{TestApp, actors, both};
use tokio_util::sync::CancellationToken;

async fn patient(t: &TestApp, name: &str) -> PatientId {
    identity::seed::patient(&t.app, PatientSpec::new(&t.app, name, "Doe")).await.unwrap().id
}

/// Tells a patient something the way every wing does.
async fn tell(t: &TestApp, patient: PatientId) {
    let event = Event::new("payment.refunded", "Payment", AnyId::new()).with("patient_id", patient);
    outbox::emit(t.conn(), &t.app, &Actor::system(), event).await.unwrap();
    let registry =
        Registry { subscriptions: notifications::subscriptions(), kinds: notifications::jobs(), schedules: vec![] };
    t.run_jobs(&registry).await;
}

async fn heard(listener: &mut Listener, seconds: u64) -> Option<Heard> {
    tokio::time::timeout(Duration::from_secs(seconds), listener.next()).await.ok().flatten()
}

both! {
    async fn only_the_right_recipient_hears_of_it_and_only_once(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let (john, mary) = (patient(&t, "John").await, patient(&t, "Mary").await);
        let hub = Hub::default();
        let mut of_john = hub.listen(&t.app, &actors::patient(john)).unwrap();
        let mut of_mary = hub.listen(&t.app, &actors::patient(mary)).unwrap();
        // A hub of another process reads the same database.
        let elsewhere = Hub::default();
        let mut of_john_elsewhere = elsewhere.listen(&t.app, &actors::patient(john)).unwrap();
        assert!(hub.listen(&t.app, &Actor::anonymous()).is_err());

        tell(&t, john).await;
        for listener in [&mut of_john, &mut of_john_elsewhere] {
            let Some(Heard::Change(change)) = heard(listener, 10).await else { panic!("nothing was heard") };
            assert_eq!(change.event_key, "payment.refunded");
            assert_eq!(change.kinds(), ["payment", "notifications", "case"]);
            assert!(!change.title.is_empty());
        }
        assert!(heard(&mut of_john, 3).await.is_none(), "told once");

        // A second page of the same account, opened later, does not hear old news.
        drop(of_john);
        let mut later = hub.listen(&t.app, &actors::patient(john)).unwrap();
        tell(&t, mary).await;
        assert!(heard(&mut of_mary, 10).await.is_some());
        assert!(heard(&mut later, 2).await.is_none());
    }

    async fn an_open_page_is_told_until_the_program_stops(t: TestApp) {
        identity::install(&t.app).await.unwrap();
        let john = patient(&t, "John").await;
        let stop = CancellationToken::new();
        let router = notifications::pages()
            .layer(Extension(CsrfToken("secret of this browser".to_owned())))
            .layer(Extension(Closing(stop.clone())));
        let client = t.client(router).as_actor(actors::patient(john));
        let page = tokio::spawn(async move { client.get("/live").await });
        // The first count is taken before there is any news.
        #[expect(clippy::disallowed_methods, reason = "an open line looks by the machine's clock")]
        tokio::time::sleep(Duration::from_secs(1)).await;
        tell(&t, john).await;
        #[expect(clippy::disallowed_methods, reason = "an open line looks by the machine's clock")]
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(!page.is_finished(), "the line stays open");
        stop.cancel();
        let said = tokio::time::timeout(Duration::from_secs(5), page).await.expect("the line ends").unwrap();
        assert_eq!(said.headers["content-type"], "text/event-stream");
        let said = said.text();
        assert!(said.starts_with("retry: 3000\nevent: counts\n"), "{said}");
        let events: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
        assert_eq!(events, ["counts", "changed", "counts"], "{said}");
        let data = said.lines().filter_map(|line| line.strip_prefix("data: "));
        let data: Vec<Json> = data.map(|text| serde_json::from_str(text).unwrap()).collect();
        assert_eq!(data[0], json!({ "notifications": 0, "messages": 0 }));
        assert_eq!(data[1]["kinds"], json!(["payment", "notifications", "case"]));
        assert_eq!(data[2], json!({ "notifications": 1, "messages": 0 }));
    }
}
