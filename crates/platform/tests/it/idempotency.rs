//! One answer for one key.

use std::time::Duration;

use kernel::ids::IdempotencyKeyId;
use platform::App;
use platform::entity::idempotency_keys;
use platform::idempotency::{self, Begin};
use sea_orm::{EntityTrait, PaginatorTrait};
use testkit::TestApp;

async fn begin(app: &App, key: &str, hash: &str) -> Begin {
    idempotency::begin(app, "Patient", "p-1", "POST /quotes/{id}/accept", key, hash).await.unwrap()
}

fn fresh(begin: Begin) -> IdempotencyKeyId {
    match begin {
        Begin::Fresh(id) => id,
        other => panic!("{other:?}"),
    }
}

testkit::both! {
    async fn the_first_answer_is_given_again_for_a_day(t: TestApp) {
        let id = fresh(begin(&t.app, "k", "hash").await);
        assert_eq!(begin(&t.app, "k", "hash").await, Begin::Running);
        idempotency::finish(&t.app, id, 201, r#"{"name":"Ada"}"#).await.unwrap();
        let replay = Begin::Replay { status: 201, body: r#"{"name":"Ada"}"#.into() };
        assert_eq!(begin(&t.app, "k", "hash").await, replay);
        assert_eq!(begin(&t.app, "k", "other body").await, Begin::Mismatch);
        // Another key, route or account is another request.
        fresh(begin(&t.app, "k2", "hash").await);
        fresh(idempotency::begin(&t.app, "Patient", "p-2", "POST /quotes/{id}/accept", "k", "hash").await.unwrap());
        fresh(idempotency::begin(&t.app, "User", "p-1", "POST /quotes/{id}/accept", "k", "hash").await.unwrap());
        fresh(idempotency::begin(&t.app, "Patient", "p-1", "POST /inquiries", "k", "hash").await.unwrap());

        let row = idempotency_keys::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        assert!(!row.response_body.unwrap().ciphertext().contains("Ada"), "answers lie encrypted");

        t.advance(Duration::from_secs(24 * 3600 - 1));
        assert_eq!(begin(&t.app, "k", "hash").await, replay);
        t.advance(Duration::from_secs(1));
        assert_eq!(fresh(begin(&t.app, "k", "a new body").await), id);
    }

    async fn of_many_at_once_one_is_fresh(t: TestApp) {
        let all = futures::future::join_all((0..8).map(|_| begin(&t.app, "k", "hash"))).await;
        assert_eq!(all.iter().filter(|begin| matches!(begin, Begin::Fresh(_))).count(), 1, "{all:?}");
        assert_eq!(all.iter().filter(|begin| **begin == Begin::Running).count(), 7, "{all:?}");
    }

    async fn a_request_that_died_frees_its_key_after_a_minute(t: TestApp) {
        let id = fresh(begin(&t.app, "k", "hash").await);
        t.advance(Duration::from_secs(59));
        assert_eq!(begin(&t.app, "k", "hash").await, Begin::Running);
        t.advance(Duration::from_secs(1));
        let all = futures::future::join_all((0..4).map(|_| begin(&t.app, "k", "hash"))).await;
        assert_eq!(all.iter().filter(|begin| **begin == Begin::Fresh(id)).count(), 1, "{all:?}");
    }

    async fn an_abandoned_key_may_ask_again_and_an_answer_stays(t: TestApp) {
        let id = fresh(begin(&t.app, "k", "hash").await);
        idempotency::abandon(&t.app, id).await.unwrap();
        let id = fresh(begin(&t.app, "k", "hash").await);
        idempotency::finish(&t.app, id, 200, "{}").await.unwrap();
        idempotency::abandon(&t.app, id).await.unwrap();
        assert!(matches!(begin(&t.app, "k", "hash").await, Begin::Replay { .. }));
    }

    async fn a_key_in_other_letters_never_gets_the_answer(t: TestApp) {
        let id = fresh(begin(&t.app, "key-a", "hash").await);
        idempotency::finish(&t.app, id, 200, "{}").await.unwrap();
        assert!(!matches!(begin(&t.app, "KEY-A", "hash").await, Begin::Replay { .. }));
    }

    async fn what_nobody_may_ask_for_is_purged(t: TestApp) {
        fresh(begin(&t.app, "old", "hash").await);
        t.advance(Duration::from_secs(12 * 3600));
        fresh(begin(&t.app, "new", "hash").await);
        t.advance(Duration::from_secs(12 * 3600));
        idempotency::purge_expired(&t.app).await.unwrap();
        let left = idempotency_keys::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(left.iter().map(|row| row.idempotency_key.as_str()).collect::<Vec<_>>(), ["new"]);
        assert_eq!(idempotency_keys::Entity::find().count(t.conn()).await.unwrap(), 1);
    }
}
