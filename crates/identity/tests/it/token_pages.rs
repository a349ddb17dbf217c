//! The pages of personal tokens and OAuth clients, without script.

use axum::Extension;
use chrono::Duration;
use identity::entity::{oauth_clients, personal_access_tokens};
use identity::rules::totp;
use kernel::{Actor, Permission};
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Client, Reply, TestApp};

use crate::support::*;

struct Browser {
    client: Client,
    csrf: String,
}

impl Browser {
    fn of(t: &TestApp, actor: Actor) -> Self {
        let token = CsrfToken("browser".to_owned());
        let csrf = token.field(&t.app);
        Self { client: t.client(identity::pages().layer(Extension(token))).as_actor(actor), csrf }
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.client.form(path, &all).await
    }
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

async fn signed_in(t: &TestApp, guard: &str, email: &str) -> Actor {
    let client = client(t);
    let ticket = client.post(&format!("/{guard}/auth/login"), credentials(email, PASSWORD)).await;
    let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": totp::code_at(SECRET, t.now()).unwrap() });
    let reply = client.post(&format!("/{guard}/auth/mfa"), step).await.assert_status(200);
    bearer(t, reply.str("/access_token")).await.unwrap()
}

async fn chief(t: &TestApp) -> Browser {
    admin(t, "chief@hairline.example", Some(SECRET)).await;
    Browser::of(t, signed_in(t, "admin", "chief@hairline.example").await)
}

fn shown(page: &str, place: usize) -> String {
    page.split("<pre>").nth(place).unwrap().split("</pre>").next().unwrap().to_owned()
}

testkit::both! {
    async fn a_clinic_makes_and_ends_a_token(t: TestApp) {
        let _ = installed(&t).await;
        let provider = clinic(&t, "Bosphorus Hair").await;
        member(&t, provider, "provider_owner", "ada@clinic.example", Some(SECRET)).await;
        let browser = Browser::of(&t, signed_in(&t, "provider", "ada@clinic.example").await);
        let path = "/provider/account/tokens";
        let empty = browser.client.get(path).await.assert_status(200).text();
        assert!(empty.contains("No tokens yet") && empty.contains("value=\"read:quotes\""), "{empty}");
        let form = [("name", "Nightly export"), ("expires_in_days", "30"), ("scopes", "read:quotes"), ("scopes", "read:payments")];
        // Without a fresh proof the page asks for one and keeps what was typed.
        t.advance(Duration::minutes(6));
        let asked = browser.send(path, &form).await.assert_status(200).text();
        assert!(asked.contains("confirm_password") && asked.matches("name=\"scopes\"").count() == 2, "{asked}");
        let code = totp::code_at(SECRET, t.now()).unwrap();
        let proven: Vec<_> = form.into_iter().chain([("confirm_password", PASSWORD), ("confirm_code", &code)]).collect();
        let made = browser.send(path, &proven).await.assert_status(200).text();
        let secret = shown(&made, 1).replace("&#124;", "|");
        assert!(bearer(&t, &secret).await.is_ok(), "{secret}");
        // Sent again: no second token, and what was typed stays.
        let again = browser.send(path, &form).await.assert_status(409).text();
        assert!(again.contains("You have a token of this name already") && again.contains("value=\"read:payments\" checked"), "{again}");
        let list = browser.client.get(path).await.assert_status(200).text();
        assert!(list.contains("Nightly export") && list.contains("read:payments") && !list.contains(&secret), "{list}");
        let faulty = browser.send(path, &[("name", ""), ("expires_in_days", "400")]).await.assert_status(422).text();
        assert_eq!(faulty.matches("field-error").count(), 3, "{faulty}");
        let id = personal_access_tokens::Entity::find().one(t.conn()).await.unwrap().unwrap().id;
        let ended = browser.send(&format!("{path}/{id}/revoke"), &[]).await.assert_status(303);
        assert_eq!(location(&ended), "/provider/account/tokens?done=token-revoked");
        assert_eq!(refused(&t, &secret).await, "session_revoked");
        let foreign = browser.send(&format!("{path}/999/revoke"), &[]).await;
        assert_eq!(foreign.status, 404);
        let forged = browser.client.form(path, &form).await;
        assert_eq!(forged.status, 403);
    }

    async fn staff_register_change_and_end_a_program(t: TestApp) {
        let _ = installed(&t).await;
        let browser = chief(&t).await;
        let base = "/admin/settings/clients";
        let list = browser.client.get(base).await.assert_status(200).text();
        assert!(list.contains("Hairline patient app") && list.contains("Built in"), "{list}");
        let page = browser.client.get(&format!("{base}/new")).await.assert_status(200).text();
        let id = page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form = [("id", &*id), ("name", "Calendar"), ("guard", "provider"), ("confidential", "true"),
            ("redirect_uris", "https://app.example/back\r\nhttps://app.example/other"), ("scopes", "read:profile")];
        let mut bad = form.to_vec();
        bad[4].1 = "http://app.example/back";
        bad.push(("legacy_grant", "true"));
        let refusal = browser.send(&format!("{base}/new"), &bad).await.assert_status(422).text();
        assert_eq!(refusal.matches("field-error").count(), 2, "{refusal}");
        assert!(refusal.contains("value=\"Calendar\"") && refusal.contains(">\nhttp://app.example/back<"), "{refusal}");
        let made = browser.send(&format!("{base}/new"), &form).await.assert_status(200).text();
        let (shown_id, secret) = (shown(&made, 1), shown(&made, 2));
        assert_eq!((shown_id.as_str(), secret.len()), (&*id, 40));
        let again = browser.send(&format!("{base}/new"), &form).await.assert_status(303);
        assert_eq!(location(&again), format!("{base}/{id}"));
        let made_here = oauth_clients::Entity::find().filter(oauth_clients::Column::Name.eq("Calendar"));
        assert_eq!(made_here.count(t.conn()).await.unwrap(), 1);
        let one = format!("{base}/{id}");
        let page = browser.client.get(&one).await.assert_status(200).text();
        assert!(page.contains("https://app.example/other") && page.contains("value=\"read:profile\" checked") && !page.contains(&secret), "{page}");
        let change = [("name", "Calendar two"), ("redirect_uris", "https://app.example/back"), ("scopes", "read:profile")];
        assert_eq!(location(&browser.send(&one, &change).await.assert_status(303)), format!("{one}?done=saved"));
        let renewed = browser.send(&format!("{one}/secret"), &[]).await.assert_status(200).text();
        assert_ne!(shown(&renewed, 2), secret);
        // Less than before is always possible, more needs a proof.
        t.advance(Duration::minutes(6));
        let asked = browser.send(&format!("{one}/secret"), &[]).await.assert_status(200).text();
        assert!(asked.contains("confirm_password"));
        for _ in 0..2 {
            let ended = browser.send(&format!("{one}/revoke"), &[]).await.assert_status(303);
            assert_eq!(location(&ended), format!("{one}?done=client-revoked"));
        }
        assert!(browser.client.get(&one).await.assert_status(200).text().contains("It has no access any more"));
        // Strangers' ids and other people.
        assert_eq!(browser.client.get(&format!("{base}/0190a000-0000-7000-8000-000000000000")).await.status, 404);
        let supporter = testkit::actors::super_admin(kernel::ids::UserId::new());
        let without = Actor::new(supporter.kind, Some("support_staff"), [Permission::ViewSetting].into());
        for path in [base.to_owned(), format!("{base}/new"), one] {
            assert_eq!(Browser::of(&t, without.clone()).client.get(&path).await.status, 403, "{path}");
        }
    }
}
