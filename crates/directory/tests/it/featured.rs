//! Clinics that are put first (R-MG-11).

use directory::entity::providers::{self, ProviderStatus};
use directory::seed::ClinicSpec;
use kernel::ids::ProviderId;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{TestApp, both};

use crate::{admin, clinic};

async fn first(t: &TestApp) -> u64 {
    let found = providers::Entity::find().filter(providers::Column::IsFeatured.eq(true));
    found.count(t.conn()).await.unwrap()
}

async fn many(t: &TestApp, count: usize) -> Vec<ProviderId> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(clinic(t, ClinicSpec::new(&format!("Clinic {number}"))).await.id());
    }
    ids
}

both! {
    async fn r_mg_11_ten_are_first_and_the_eleventh_waits(t: TestApp) {
        let ids = many(&t, 12).await;
        let api = t.client(directory::routes());
        let staff = api.as_actor(admin(&t, "admin").await);
        let path = |id: ProviderId, what: &str| format!("/admin/providers/{id}/{what}");
        for id in &ids[..10] {
            staff.post(&path(*id, "feature"), json!({})).await.assert_status(204);
            staff.post(&path(*id, "feature"), json!({})).await.assert_status(204);
        }
        assert_eq!(first(&t).await, 10);
        staff.post(&path(ids[10], "feature"), json!({})).await.assert_problem(409, "featured_limit_reached");
        assert_eq!(first(&t).await, 10);
        staff.post(&path(ids[0], "unfeature"), json!({})).await.assert_status(204);
        staff.post(&path(ids[10], "feature"), json!({})).await.assert_status(204);
        let row = providers::Entity::find_by_id(ids[0]).one(t.conn()).await.unwrap().unwrap();
        assert!(!row.is_featured && row.featured_at.is_none());
        let told = platform::outbox::recorded(t.conn(), Some("provider.featured_changed")).await.unwrap();
        assert_eq!(told.len(), 12);
        staff.post(&path(ProviderId::new(), "feature"), json!({})).await.assert_status(404);
        api.as_actor(admin(&t, "support_staff").await).post(&path(ids[1], "unfeature"), json!({})).await.assert_status(403);
    }

    async fn only_live_clinics_are_first(t: TestApp) {
        let id = many(&t, 1).await[0];
        let suspended = providers::ActiveModel { id: Set(id), status: Set(ProviderStatus::Suspended), ..Default::default() };
        suspended.update(t.conn()).await.unwrap();
        let staff = t.client(directory::routes()).as_actor(admin(&t, "admin").await);
        staff.post(&format!("/admin/providers/{id}/feature"), json!({})).await.assert_problem(409, "provider_not_live");
    }

    /// Two add the tenth at once, twenty times: one comes too late.
    async fn the_tenth_place_is_given_once(t: TestApp) {
        let ids = many(&t, 11).await;
        let boss = admin(&t, "admin").await;
        for id in &ids[..9] {
            directory::featured::set(&t.app, &boss, *id, true).await.unwrap();
        }
        for _ in 0..20 {
            let (one, two) = tokio::join!(
                directory::featured::set(&t.app, &boss, ids[9], true),
                directory::featured::set(&t.app, &boss, ids[10], true),
            );
            assert_ne!(one.is_ok(), two.is_ok());
            assert_eq!(first(&t).await, 10);
            for id in &ids[9..] {
                directory::featured::set(&t.app, &boss, *id, false).await.unwrap();
            }
        }
    }
}
