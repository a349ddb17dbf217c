//! Affiliates open their account: a link of 24 hours, a password, the yes to the terms; and a new link when it ended.

use axum::Extension;
use identity::activation;
use identity::entity::legal_acceptances;
use kernel::Actor;
use kernel::ids::AffiliateId;
use platform::locale::Locale;
use platform::web::CsrfToken;
use platform::write_txn;
use sea_orm::{EntityTrait, FromQueryResult, Statement};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

use crate::support::*;

const EMAIL: &str = "ada@travels.example";

async fn invited(t: &TestApp) -> AffiliateId {
    let id = AffiliateId::new();
    sql(
        t,
        &format!(
            "INSERT INTO affiliates (id, affiliate_name, email, status, affiliate_code, commission_value) \
             VALUES ('{id}', 'Ada Travels', '{EMAIL}', 'draft', 'HP-AFF-00001', 10)"
        ),
    )
    .await;
    invite(t, id).await;
    id
}

async fn invite(t: &TestApp, id: AffiliateId) {
    let actor = Actor::system();
    write_txn!(t.app.db, |txn| { activation::invite(txn, &t.app, &actor, id, Locale::En).await }).unwrap();
}

/// The token of the newest mail.
async fn token(t: &TestApp) -> String {
    run_jobs(t).await;
    let mail = t.app.mailer.sent().last().expect("a mail").clone();
    assert_eq!(mail.to, EMAIL);
    let link = mail.text.split_whitespace().find(|word| word.contains("/affiliate/activate#")).expect("a link");
    link.split_once('#').unwrap().1.to_owned()
}

fn with(token: &str) -> Value {
    json!({ "token": token, "password": PASSWORD, "password_confirmation": PASSWORD, "terms_accepted": true })
}

#[derive(FromQueryResult)]
struct Row {
    status: String,
    version: i32,
}

async fn status(t: &TestApp, id: AffiliateId) -> (String, i32) {
    let text = format!("SELECT status, version FROM affiliates WHERE id = '{id}'");
    let statement = Statement::from_string(t.conn().get_database_backend(), text);
    let row = Row::find_by_statement(statement).one(t.conn()).await.unwrap().unwrap();
    (row.status, row.version)
}

fn browser(t: &TestApp) -> (Client, String) {
    let proof = CsrfToken("browser".to_owned());
    let csrf = proof.field(&t.app);
    (t.client(identity::pages().layer(Extension(proof))), csrf)
}

testkit::both! {
    async fn an_invited_affiliate_chooses_a_password_and_signs_in(t: TestApp) {
        let client = installed(&t).await;
        let id = invited(&t).await;
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_problem(401, "invalid_credentials");
        let token = token(&t).await;
        let mut form = with(&token);
        form["password_confirmation"] = json!("Another-Horse8?");
        form["terms_accepted"] = json!(false);
        let reply = client.post("/affiliate/auth/activate", form).await.assert_status(422);
        reply.assert_field("password_confirmation", "password_mismatch").assert_field("terms_accepted", "terms_required");
        client.post("/affiliate/auth/activate", with("not-a-token")).await.assert_status(404);
        assert_eq!(status(&t, id).await.0, "draft");
        client.post("/affiliate/auth/activate", with(&token)).await.assert_status(204);
        assert_eq!(status(&t, id).await, ("active".to_owned(), 2));
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_status(200);
        // Terms and privacy policy, on record.
        let rows = legal_acceptances::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(rows.iter().filter(|row| row.holder_id == id.any()).count(), 2);
        client.post("/affiliate/auth/activate", with(&token)).await.assert_problem(409, "activation_used");
    }

    async fn a_link_lives_for_a_day_and_the_next_one_ends_it(t: TestApp) {
        let client = installed(&t).await;
        t.at("2026-03-02T10:00:00Z");
        let id = invited(&t).await;
        let first = token(&t).await;
        t.at("2026-03-03T09:59:59Z");
        activation::lookup(&t.app, &first).await.unwrap();
        t.at("2026-03-03T10:00:00Z");
        client.post("/affiliate/auth/activate", with(&first)).await.assert_problem(410, "activation_expired");
        // Whoever holds the old link asks for a new one; strangers are answered alike and nobody gets a mail.
        client.post("/affiliate/auth/activate/resend", json!({ "token": first })).await.assert_status(202);
        let second = token(&t).await;
        let mails = t.app.mailer.sent().len();
        client.post("/affiliate/auth/activate/resend", json!({ "token": "0".repeat(64) })).await.assert_status(202);
        client.post("/affiliate/auth/activate/resend", json!({ "email": "nobody@x.example" })).await.assert_status(202);
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), mails);
        client.post("/affiliate/auth/activate", with(&first)).await.assert_status(404);
        // One a minute, three an hour, for known and unknown addresses.
        for email in [EMAIL, "nobody@x.example"] {
            client.post("/affiliate/auth/activate/resend", json!({ "email": email })).await.assert_problem(429, "code_too_often");
        }
        client.post("/affiliate/auth/activate", with(&second)).await.assert_status(204);
        // Invited again by staff afterwards, the password stays what it is.
        invite(&t, id).await;
        run_jobs(&t).await;
        assert_eq!(t.app.mailer.sent().len(), mails, "no link for who is active");
        client.post("/affiliate/auth/login", credentials(EMAIL, PASSWORD)).await.assert_status(200);
    }

    async fn two_browsers_with_one_link_open_one_account(t: TestApp) {
        let client = installed(&t).await;
        let id = invited(&t).await;
        let token = token(&t).await;
        let ask = || client.post("/affiliate/auth/activate", with(&token));
        let (one, two) = tokio::join!(ask(), ask());
        let mut answers = [one.status.as_u16(), two.status.as_u16()];
        answers.sort_unstable();
        assert_eq!(answers, [204, 409]);
        assert_eq!(status(&t, id).await, ("active".to_owned(), 2));
    }

    async fn the_pages_lead_from_the_mail_to_the_sign_in(t: TestApp) {
        installed(&t).await;
        t.at("2026-03-02T10:00:00Z");
        invited(&t).await;
        let token = token(&t).await;
        let (client, csrf) = browser(&t);
        let page = client.get("/affiliate/activate").await.assert_status(200).text();
        assert!(page.contains("data-from-hash=\"token\""), "{page}");
        let page = client.form("/affiliate/activate", &[("_csrf", &csrf), ("token", &token)]).await.assert_status(200).text();
        assert!(page.contains("Ada Travels") && page.contains(EMAIL) && page.contains(&format!("value=\"{token}\"")), "{page}");
        let fields = |password: &'static str| [("_csrf", csrf.clone()), ("token", token.clone()), ("password", password.to_owned()),
            ("password_confirmation", password.to_owned()), ("terms_accepted", "true".to_owned())];
        let send = async |password: &'static str| {
            let fields = fields(password);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            client.form("/affiliate/activate/set-up", &fields).await
        };
        let page = send("short").await.assert_status(422).text();
        assert!(page.contains("password-error") && !page.contains("value=\"short\""), "{page}");
        let done = send(PASSWORD).await.assert_status(303);
        assert_eq!(done.headers["location"], "/affiliate/login?done=activated");
        let page = send(PASSWORD).await.assert_status(409).text();
        assert!(page.contains("open already") && page.contains("/affiliate/login"), "{page}");
        let page = client.form("/affiliate/activate", &[("_csrf", &csrf), ("token", "nonsense")]).await.assert_status(404).text();
        assert!(page.contains("token-error"), "{page}");
    }

    async fn a_link_that_ended_says_so_and_offers_the_next(t: TestApp) {
        installed(&t).await;
        t.at("2026-03-02T10:00:00Z");
        invited(&t).await;
        let old = token(&t).await;
        t.at("2026-03-03T10:00:01Z");
        let (client, csrf) = browser(&t);
        let page = client.form("/affiliate/activate", &[("_csrf", &csrf), ("token", &old)]).await.assert_status(410).text();
        assert!(page.contains("This link has ended") && page.contains("action=\"/affiliate/activate/resend\""), "{page}");
        let sent = client.form("/affiliate/activate/resend", &[("_csrf", &csrf), ("token", &old)]).await.assert_status(303);
        assert_eq!(sent.headers["location"], "/affiliate/activate?done=link-sent");
        let fresh = token(&t).await;
        assert_ne!(fresh, old);
        client.form("/affiliate/activate", &[("_csrf", &csrf), ("token", &fresh)]).await.assert_status(200);
    }
}
