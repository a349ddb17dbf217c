//! Staff of Hairline who proved a moment ago who they are.

use identity::auth::Carrier;
use identity::entity::auth_sessions;
use identity::service::sessions::{self, Holder};
use kernel::{Actor, Guard};
use sea_orm::{EntityTrait, QueryOrder};
use testkit::{Client, TestApp, actors};

use crate::support::Booking;

/// The super admin with a session whose proof is fresh.
pub async fn proven(t: &TestApp, booking: &Booking) -> Actor {
    let policy = sessions::policy_of(&t.app, Guard::Api).await.unwrap();
    let nobody = Actor::anonymous();
    platform::write_txn!(t.app.db, |txn| {
        let holder = Holder { guard: Guard::Api, id: booking.admin.any() };
        sessions::open(txn, &t.app, &nobody, holder, (policy, Carrier::Cookie), true, None).await.map(drop)
    })
    .unwrap();
    let newest = auth_sessions::Entity::find().order_by_desc(auth_sessions::Column::Id).one(t.conn()).await.unwrap();
    let mut actor = actors::super_admin(booking.admin);
    actor.session = newest.map(|session| session.id);
    actor
}

/// The API as staff.
pub async fn staff(t: &TestApp, booking: &Booking) -> Client {
    booking.api.as_actor(proven(t, booking).await)
}
