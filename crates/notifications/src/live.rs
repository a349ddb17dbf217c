//! Telling open pages that something changed.
//!
//! The database is the only thing all processes share, so each process asks it: one statement a second for all its open
//! pages together, and none while no page is open. What is new goes to every [`Listener`], which keeps what is for its
//! own account. A notification is a row that somebody else's transaction may commit late, so the poller looks back some
//! seconds and remembers what it has told.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::ids::{AnyId, NotificationId};
use kernel::{Actor, AppError, AppResult};
use platform::App;
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::entity::alerts_notifications::{
    self as rows, NotificationCategory as Category, NotificationRecipientType as Kind,
};

/// How often the database is asked.
const EVERY: Duration = Duration::from_secs(1);

/// How far back it is asked: longer than a transaction lives and clocks of two machines differ.
const LOOK_BACK: Duration = Duration::from_secs(15);

/// Changes a slow listener may be behind before it misses some.
const KEPT: usize = 256;

/// Ends the open lines when the program is asked to stop. The server puts it around its routes as an extension; without
/// it a line ends after its time.
#[derive(Clone)]
pub struct Closing(pub CancellationToken);

/// Something an account was told.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Change {
    id: NotificationId,
    recipient_type: Kind,
    recipient_id: AnyId,
    /// The event.
    pub event_key: String,
    /// What it is about.
    pub category: Category,
    /// Its headline, in the language of the account.
    pub title: String,
}

impl Change {
    /// Parts of pages that may look different now, the most telling first.
    pub fn kinds(&self) -> Vec<&'static str> {
        let first = match self.category {
            Category::Messaging => Some("messages"),
            Category::Payment | Category::Booking => Some("payment"),
            _ => None,
        };
        first.into_iter().chain(["notifications", "case"]).collect()
    }
}

/// Where this process learns of changes and passes them on. One for all its pages.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    sender: broadcast::Sender<Arc<Change>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    is_polling: bool,
    /// What was told of the rows the last look found.
    told: HashSet<NotificationId>,
}

impl Default for Hub {
    fn default() -> Self {
        Self(Arc::new(Inner { sender: broadcast::channel(KEPT).0, state: Mutex::default() }))
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hub {
    /// Listens for what this account is told; 401 for nobody.
    pub fn listen(&self, app: &App, actor: &Actor) -> AppResult<Listener> {
        let (kind, Some(id)) = actor.reference() else { return Err(AppError::unauthenticated()) };
        let kind = Kind::try_from_value(&kind.to_owned())?;
        let mut state = self.0.state();
        // Under the lock: a poller that is about to leave sees this receiver, or is gone before the question below.
        let receiver = self.0.sender.subscribe();
        if !state.is_polling {
            state.is_polling = true;
            tokio::spawn(poll(self.0.clone(), app.clone()));
        }
        Ok(Listener { receiver, kind, id })
    }
}

/// One account's ear.
pub struct Listener {
    receiver: broadcast::Receiver<Arc<Change>>,
    kind: Kind,
    id: AnyId,
}

/// What a listener heard.
#[derive(Clone, Debug)]
pub enum Heard {
    /// One change.
    Change(Arc<Change>),
    /// It was too slow: there were changes, perhaps also for it.
    Missed,
}

impl Listener {
    /// Waits for the next change that concerns this account; `None` when there will be none any more.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            match self.receiver.recv().await {
                Ok(change) if change.recipient_type == self.kind && change.recipient_id == self.id => {
                    return Some(Heard::Change(change));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return Some(Heard::Missed),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// Looks for news until nobody listens.
async fn poll(hub: Arc<Inner>, app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        {
            let mut state = hub.state();
            if hub.sender.receiver_count() == 0 {
                state.is_polling = false;
                return;
            }
        }
        match recent(&app).await {
            Ok(found) => tell(&hub, found),
            // The next look finds what this one missed.
            Err(error) => tracing::warn!(%error, "news could not be read"),
        }
    }
}

fn tell(hub: &Inner, found: Vec<Change>) {
    let mut state = hub.state();
    let before = std::mem::take(&mut state.told);
    state.told = found.iter().map(|change| change.id).collect();
    for change in found.into_iter().filter(|change| !before.contains(&change.id)) {
        // Without receivers there is nobody to tell.
        let _ = hub.sender.send(Arc::new(change));
    }
}

/// The rows of the last seconds. Ids follow time, so this is a small range of the primary key.
async fn recent(app: &App) -> AppResult<Vec<Change>> {
    let found = rows::Entity::find()
        .select_only()
        .columns([
            rows::Column::Id,
            rows::Column::RecipientType,
            rows::Column::RecipientId,
            rows::Column::EventKey,
            rows::Column::Category,
            rows::Column::Title,
        ])
        .filter(rows::Column::Id.gte(earlier(NotificationId::new(), LOOK_BACK)?))
        // A clinic's own row is for its mail only.
        .filter(rows::Column::RecipientType.ne(Kind::Provider))
        .order_by_asc(rows::Column::Id)
        .into_model::<Change>()
        .all(app.db.conn())
        .await?;
    Ok(found)
}

/// The smallest id that could have been made that long before this one: its first 48 bits are milliseconds.
fn earlier(id: NotificationId, by: Duration) -> AppResult<NotificationId> {
    let digits: String = id.to_string().chars().filter(|c| *c != '-').take(12).collect();
    let millis = u64::from_str_radix(&digits, 16).map_err(AppError::internal)?;
    let since = millis.saturating_sub(u64::try_from(by.as_millis()).unwrap_or(u64::MAX));
    format!("{since:012x}70008000000000000000").parse().map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_earlier_is_smaller_than_one_of_now() {
        let now = NotificationId::new();
        let before = earlier(now, LOOK_BACK).unwrap();
        assert!(before < now);
        assert!(earlier(now, Duration::ZERO).unwrap() <= now);
        assert_eq!(before.to_string().len(), now.to_string().len());
        assert!(before.to_string() < now.to_string(), "also as the database compares them");
    }

    #[test]
    fn the_most_telling_part_comes_first() {
        let change = |category| Change {
            id: NotificationId::new(),
            recipient_type: Kind::Patient,
            recipient_id: AnyId::new(),
            event_key: String::new(),
            category,
            title: String::new(),
        };
        assert_eq!(change(Category::Messaging).kinds(), ["messages", "notifications", "case"]);
        assert_eq!(change(Category::Booking).kinds(), ["payment", "notifications", "case"]);
        assert_eq!(change(Category::Quote).kinds(), ["notifications", "case"]);
    }
}
