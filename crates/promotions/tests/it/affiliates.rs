//! What an affiliate reads of its own work, on both engines.

#[expect(dead_code, reason = "a part of the world of the quoting tests is enough here")]
#[path = "../../../quoting/tests/it/world.rs"]
mod world;

use kernel::ids::{AffiliateId, AnyId};
use platform::db::count_statements;
use promotions::queries::own;
use sea_orm::ConnectionTrait;
use testkit::{TestApp, actors};

async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

async fn affiliate(t: &TestApp, name: &str, code: &str) -> (AffiliateId, AnyId) {
    let (id, discount) = (AffiliateId::new(), AnyId::new());
    sql(t, &format!(
        "INSERT INTO affiliates (id, affiliate_name, email, affiliate_code) VALUES ('{id}', '{name}', '{id}@x.example', 'HP-{code}')"
    )).await;
    sql(
        t,
        &format!(
            "INSERT INTO affiliate_discount_codes (id, affiliate_id, code, discount_type, discount_value) \
         VALUES ('{discount}', '{id}', '{code}', 'percentage', 10)"
        ),
    )
    .await;
    (id, discount)
}

async fn used(t: &TestApp, w: &world::World, code: AnyId, quote: kernel::ids::QuoteId, state: &str, slot: i32) {
    let (patient, id) = (w.patient, AnyId::new());
    sql(t, &format!(
        "INSERT INTO discount_redemptions (id, affiliate_discount_code_id, quote_id, patient_id, person_key, slot_no, \
         state, funding, amount, currency, provider_share, platform_share) VALUES ('{id}', '{code}', '{quote}', \
         '{patient}', 'key', {slot}, '{state}', 'platform', 10, 'GBP', 0, 10)"
    )).await;
}

testkit::both! {
    async fn an_affiliate_reads_its_codes_and_what_they_brought(t: TestApp) {
        let w = world::world(&t, &[("4250.00", "0.00"), ("3990.00", "0.00"), ("3000.00", "0.00")]).await;
        let (quote, other, back) = (w.sent(&t, 0, 2500).await, w.sent(&t, 1, 2000).await, w.sent(&t, 2, 2000).await);
        let (ada, code) = affiliate(&t, "Ada Travels", "ADA10").await;
        let (bob, _) = affiliate(&t, "Bob Blogs", "BOB10").await;
        used(&t, &w, code, quote, "completed", 1).await;
        used(&t, &w, code, other, "applied", 2).await;
        used(&t, &w, code, back, "released", 3).await;
        sql(&t, &format!(
            "INSERT INTO affiliate_attributions (id, patient_id, affiliate_id, affiliate_discount_code_id, source, \
             captured_at, expires_at) VALUES ('{}', '{}', '{ada}', '{code}', 'code', '2026-03-01 00:00:00', '2026-06-01 00:00:00')",
            AnyId::new(), w.patient
        )).await;

        let (seen, statements) = count_statements(own(&t.app, &actors::affiliate(ada))).await;
        let seen = seen.unwrap();
        assert!(statements <= 3, "{statements}");
        assert_eq!((seen.name.as_str(), seen.code.as_deref()), ("Ada Travels", Some("HP-ADA10")));
        assert_eq!((seen.patients, seen.bookings, seen.completed), (1, 2, 1), "what was given back does not count");
        assert_eq!((seen.codes[0].code.as_str(), seen.codes[0].bookings), ("ADA10", 2));

        let empty = own(&t.app, &actors::affiliate(bob)).await.unwrap();
        assert_eq!((empty.patients, empty.bookings, empty.codes[0].bookings), (0, 0, 0), "others' figures are not shown");
        let error = own(&t.app, &actors::affiliate(AffiliateId::new())).await.unwrap_err();
        assert_eq!(error.code, "not_found");
        assert_eq!(own(&t.app, &t.somebody_in_charge()).await.unwrap_err().code, "forbidden");
    }
}
