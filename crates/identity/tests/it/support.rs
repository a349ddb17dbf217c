//! What the tests of this wing share.

use axum::http::{HeaderMap, HeaderValue, header};
use identity::seed::{AdminSpec, Hashed, MemberSpec, PatientSpec};
use kernel::ids::{CountryId, ProviderId, ProviderUserId, UserId};
use kernel::{Actor, AppResult};
use platform::entity::{audit_logs, countries};
use platform::jobs::Registry;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use serde_json::{Value, json};
use testkit::{Client, TestApp};

pub(crate) const PASSWORD: &str = "Correct-Horse7!";
pub(crate) const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

pub(crate) fn client(t: &TestApp) -> Client {
    t.client(identity::routes())
}

pub(crate) async fn installed(t: &TestApp) -> Client {
    identity::install(&t.app).await.unwrap();
    client(t)
}

pub(crate) fn registration(email: &str) -> Value {
    json!({
        "first_name": "Mark", "last_name": "Peterson", "email": email, "password": PASSWORD,
        "password_confirmation": PASSWORD, "terms_accepted": true
    })
}

pub(crate) async fn run_jobs(t: &TestApp) {
    t.run_jobs(&Registry { kinds: identity::jobs(), ..Registry::default() }).await;
}

/// The newest code that was mailed.
pub(crate) async fn mailed_code(t: &TestApp) -> String {
    run_jobs(t).await;
    let mails = t.app.mailer.sent();
    let text = &mails.last().expect("a mail").text;
    text.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6).expect("six digits").to_owned()
}

/// Another code than this one.
pub(crate) fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

pub(crate) async fn patient(t: &TestApp, email: &str) -> identity::entity::patients::Model {
    let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
    let spec = PatientSpec { email: email.into(), password, ..PatientSpec::new(&t.app, "Mark", "Peterson") };
    identity::seed::patient(&t.app, spec).await.unwrap()
}

pub(crate) async fn admin(t: &TestApp, email: &str, totp: Option<&str>) -> UserId {
    let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
    let spec = AdminSpec { password, totp_secret: totp.map(str::to_owned), ..AdminSpec::super_admin(email) };
    identity::seed::admin(&t.app, spec).await.unwrap()
}

/// A clinic as far as this wing reads it.
pub(crate) async fn clinic(t: &TestApp, name: &str) -> ProviderId {
    let id = ProviderId::new();
    sql(
        t,
        &format!(
            "INSERT INTO providers (id, provider_name, email, city, country, status, onboarding_stage) \
             VALUES ('{id}', '{name}', '{id}@clinics.example', 'Istanbul', 'Turkey', 'active', 'live')"
        ),
    )
    .await;
    id
}

pub(crate) async fn member(
    t: &TestApp,
    provider: ProviderId,
    role: &str,
    email: &str,
    totp: Option<&str>,
) -> ProviderUserId {
    let password = Hashed::of(&t.app, PASSWORD).await.unwrap();
    let spec =
        MemberSpec { password, totp_secret: totp.map(str::to_owned), ..MemberSpec::new(role, "Ada", "Owner", email) };
    identity::seed::clinic_user(&t.app, provider, spec).await.unwrap()
}

pub(crate) async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

pub(crate) async fn countries(t: &TestApp) {
    for (name, code, calling) in [("United Kingdom", "GB", "+44"), ("Turkey", "TR", "+90")] {
        let row = countries::ActiveModel {
            id: Set(CountryId::new()),
            name: Set(name.into()),
            iso_code: Set(code.into()),
            calling_code: Set(calling.into()),
            flag_path: Set(None),
            display_order: Set(1),
            is_active: Set(true),
            version: Set(1),
            created_at: Set(t.now()),
            updated_at: Set(t.now()),
        };
        countries::Entity::insert(row).exec_without_returning(t.conn()).await.unwrap();
    }
}

pub(crate) async fn bearer(t: &TestApp, token: &str) -> AppResult<Actor> {
    let mut headers = HeaderMap::new();
    headers.insert(header::AUTHORIZATION, HeaderValue::from_str(&format!("Bearer {token}")).unwrap());
    identity::auth::resolve(&t.app, &headers).await
}

pub(crate) async fn refused(t: &TestApp, token: &str) -> String {
    bearer(t, token).await.unwrap_err().code.into_owned()
}

pub(crate) fn credentials(login: &str, password: &str) -> Value {
    json!({ "login": login, "password": password })
}

/// The actor of a member of Hairline's staff who just signed in with password and app ([`SECRET`]).
pub(crate) async fn staff_session(t: &TestApp, client: &Client, email: &str) -> Actor {
    // Each step of the app counts once.
    t.advance(chrono::Duration::seconds(30));
    let ticket = client.post("/admin/auth/login", credentials(email, PASSWORD)).await;
    let code = identity::rules::totp::code_at(SECRET, t.now()).unwrap();
    let step = json!({ "mfa_token": ticket.str("/mfa_token"), "code": code });
    let reply = client.post("/admin/auth/mfa", step).await.assert_status(200);
    bearer(t, reply.str("/access_token")).await.unwrap()
}

/// The payload of the newest event of that name.
pub(crate) async fn last_event(t: &TestApp, key: &str) -> Value {
    use platform::entity::outbox_events::{Column, Entity};
    use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};
    let found = Entity::find().filter(Column::EventKey.eq(key)).order_by_desc(Column::Id).one(t.conn()).await.unwrap();
    found.expect(key).payload
}

/// A session of an account as a sign-in leaves it, and the actor behind it.
pub(crate) async fn signed_in(t: &TestApp, guard: kernel::Guard, id: kernel::ids::AnyId) -> (Actor, String) {
    use identity::auth::Carrier;
    use identity::service::sessions::{self, Holder};
    let policy = sessions::policy_of(&t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    let tokens = platform::write_txn!(t.app.db, |txn| {
        let how = (policy, Carrier::Bearer);
        sessions::open(txn, &t.app, &nobody, Holder { guard, id }, how, true, None).await
    })
    .unwrap();
    (bearer(t, &tokens.access_token).await.unwrap(), tokens.access_token)
}

/// A client of a member of a clinic who just signed in.
pub(crate) async fn as_member(t: &TestApp, client: &Client, id: ProviderUserId) -> Client {
    client.as_actor(signed_in(t, kernel::Guard::Provider, id.any()).await.0)
}

/// A client of a member of Hairline's staff who just signed in.
pub(crate) async fn as_staff(t: &TestApp, client: &Client, id: UserId) -> Client {
    client.as_actor(signed_in(t, kernel::Guard::Api, id.any()).await.0)
}

/// The token in the newest mail to an address.
pub(crate) async fn mailed_token(t: &TestApp, to: &str) -> String {
    run_jobs(t).await;
    let mails = t.app.mailer.sent();
    let mail = mails.iter().rev().find(|mail| mail.to == to).expect("a mail");
    let text = &mail.text;
    text.split(|c: char| !c.is_ascii_hexdigit()).find(|word| word.len() == 64).expect("a token").to_owned()
}

pub(crate) fn set_up(token: &str) -> Value {
    json!({
        "token": token, "first_name": "Elif", "last_name": "Demir", "phone_number": "+905551234567",
        "password": PASSWORD, "password_confirmation": PASSWORD, "terms_accepted": true
    })
}

pub(crate) fn invitation(email: &str, role: &str) -> Value {
    json!({ "email": email, "first_name": "Elif", "last_name": "Demir", "role": role })
}

pub(crate) const REASON: &str = "Left the clinic at the end of May.";

/// A text in force.
pub async fn document(t: &TestApp, kind: &str, audience: &str) -> kernel::ids::LegalDocumentId {
    let id = kernel::ids::LegalDocumentId::new();
    let hash = "a".repeat(64);
    sql(
        t,
        &format!(
            "INSERT INTO terms_and_conditions (id, document_type, audience, version_label, locale, title, content, \
             change_summary, status, effective_at, content_sha256) VALUES ('{id}', '{kind}', '{audience}', '3.1', 'en', 'Text', \
             'Words', 'All of it', 'current', '2026-01-01 00:00:00', '{hash}')"
        ),
    )
    .await;
    id
}

/// How often something was put on record.
pub async fn audited(t: &TestApp, action: &str) -> u64 {
    audit_logs::Entity::find().filter(audit_logs::Column::Action.eq(action)).count(t.conn()).await.unwrap()
}
