//! A browser on the whole site: cookies, and the proof of its forms.

use axum::http::HeaderMap;
use identity::auth::Carrier;
use identity::entity::users;
use identity::service::sessions::{self, Holder};
use kernel::ids::{AnyId, UserId};
use kernel::{Actor, Guard};
use platform::web::CsrfToken;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use testkit::{Client, Reply, TestApp};

use crate::world::World;

/// The proof of forms and the cookie it comes from.
pub fn proof(t: &TestApp) -> (String, String) {
    let secret = "ab".repeat(32);
    (CsrfToken(secret.clone()).field(&t.app), format!("hl_form={secret}"))
}

/// A browser with these cookies.
pub fn tab(world: &World, cookies: &[(&str, &str)]) -> Client {
    let own = cookies.iter().map(|(name, value)| format!("{name}={value}"));
    let all: Vec<String> = own.chain([proof(&world.t).1]).collect();
    world.http.header("cookie", &all.join("; "))
}

/// The cookie of an account that just signed in.
pub async fn cookie_of(world: &World, guard: Guard, id: AnyId) -> String {
    let policy = sessions::policy_of(&world.t.app, guard).await.unwrap();
    let nobody = Actor::anonymous();
    let tokens = platform::write_txn!(world.t.app.db, |txn| {
        let how = (policy, Carrier::Cookie);
        sessions::open(txn, &world.t.app, &nobody, Holder { guard, id }, how, true, None).await
    });
    tokens.unwrap().access_token
}

/// The super admin.
pub async fn root(world: &World) -> UserId {
    let found =
        users::Entity::find().filter(users::Column::Email.eq("root@hairline.example")).one(world.t.conn()).await;
    found.unwrap().unwrap().id
}

/// The value a response sets a cookie to.
pub fn set(headers: &HeaderMap, name: &str) -> String {
    let all = headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok());
    let mut own = all.filter_map(|line| line.split(';').next()?.strip_prefix(&format!("{name}=")).map(str::to_owned));
    own.next().unwrap_or_else(|| panic!("no cookie {name}"))
}

/// Where an answer leads.
pub fn location(reply: &Reply) -> &str {
    reply.headers["location"].to_str().unwrap()
}
