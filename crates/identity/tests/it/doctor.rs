//! Weak settings are told (`hairline doctor`).

use identity::doctor::weaknesses;
use identity::entity::oauth_clients;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::TestApp;

use crate::support::*;

async fn told(t: &TestApp) -> Vec<&'static str> {
    weaknesses(&t.app).await.unwrap().into_iter().map(|it| it.about).collect()
}

testkit::both! {
    async fn a_sound_installation_has_nothing_to_say(t: TestApp) {
        installed(&t).await;
        assert_eq!(told(&t).await, ["staff"]);
        let chief = admin(&t, "chief@hairline.example", Some(SECRET)).await;
        assert_eq!(told(&t).await, ["staff"], "one is not enough");
        admin(&t, "second@hairline.example", Some(SECRET)).await;
        assert_eq!(told(&t).await, [""; 0]);
        admin(&t, "third@hairline.example", None).await;
        assert_eq!(told(&t).await, ["mfa"]);
        // Settings weaker than the default, one by one.
        let actor = testkit::actors::super_admin(chief);
        let changes = platform::settings::Changes::new()
            .with(&identity::settings::MFA_PROVIDER_ENFORCED, false)
            .with(&identity::settings::MAX_LOGIN_ATTEMPTS, 10)
            .with(&identity::settings::LOCKOUT_MINUTES, 5)
            .with(&identity::settings::OTP_EXPIRY_MINUTES, 10);
        platform::settings::set(&t.app, &actor, "auth", changes, "To see what is told").await.unwrap();
        assert_eq!(told(&t).await, ["mfa", "policy", "policy", "mfa"]);
    }

    async fn programs_that_take_passwords_or_plain_addresses_are_told(t: TestApp) {
        installed(&t).await;
        admin(&t, "chief@hairline.example", Some(SECRET)).await;
        admin(&t, "second@hairline.example", Some(SECRET)).await;
        let change = |column: oauth_clients::Column, value: sea_orm::Value| {
            oauth_clients::Entity::update_many()
                .col_expr(column, Expr::value(value))
                .filter(oauth_clients::Column::Name.eq("Hairline patient app"))
        };
        change(oauth_clients::Column::PasswordClient, true.into()).exec(t.conn()).await.unwrap();
        assert_eq!(told(&t).await, ["oauth"]);
        change(oauth_clients::Column::Redirect, "http://127.0.0.1:1/a,http://app.example/b".into()).exec(t.conn()).await.unwrap();
        assert_eq!(told(&t).await, ["oauth", "oauth"]);
        change(oauth_clients::Column::Revoked, true.into()).exec(t.conn()).await.unwrap();
        assert_eq!(told(&t).await, [""; 0]);
    }
}
