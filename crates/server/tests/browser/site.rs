//! The program with the data of the demonstration, served on a port of its own; time moves as the test says.

use std::path::PathBuf;
use std::sync::Arc;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};
use server::demo::{Logins, code_at};
use testkit::TestApp;
use tokio_util::sync::CancellationToken;

use crate::demonstration::{self, Demonstration};

pub struct Site {
    pub t: TestApp,
    pub base: String,
    pub logins: Logins,
    shutdown: CancellationToken,
    running: tokio::task::JoinHandle<()>,
    _demonstration: Arc<Demonstration>,
}

impl Site {
    pub async fn start() -> Self {
        let (t, logins, demonstration) = demonstration::begin().await;
        let server = server::Server::bind(t.app.clone()).await.unwrap();
        let base = format!("http://{}", server.address().unwrap());
        let shutdown = CancellationToken::new();
        let running = tokio::spawn({
            let shutdown = shutdown.clone();
            async move { server.run(shutdown).await.unwrap() }
        });
        Self { t, base, logins, shutdown, running, _demonstration: demonstration }
    }

    /// The next code of a second factor: each counts once.
    pub fn code(&self) -> String {
        self.t.advance(std::time::Duration::from_secs(31));
        code_at(self.t.now().timestamp()).unwrap()
    }

    /// What follows from what was done: notifications, mails, the plan.
    pub async fn work(&self) {
        self.t.run_jobs(&server::registry()).await;
    }

    /// The six digits of the newest mail to an address.
    pub async fn mailed_code(&self, address: &str) -> String {
        self.work().await;
        let mail = self.t.app.mailer.sent().into_iter().rev().find(|mail| mail.to.contains(address)).expect("a mail");
        let mut words = mail.text.split(|c: char| !c.is_ascii_digit());
        words.find(|word| word.len() == 6).expect("six digits").to_owned()
    }

    /// What stands behind `#` in the link of the newest mail to an address.
    pub async fn mailed_token(&self, address: &str, link: &str) -> String {
        let mail = self.t.app.mailer.sent().into_iter().rev().find(|mail| mail.to == address).expect("a mail");
        let link = mail.text.split_whitespace().find(|word| word.contains(link)).expect("a link");
        link.split_once('#').unwrap().1.to_owned()
    }

    /// The request of whoever signs in with this address.
    pub async fn case_of(&self, address: &str) -> String {
        use inquiry::entity::inquiries;
        let person = identity::entity::patients::Entity::find()
            .filter(identity::entity::patients::Column::Email.eq(address))
            .one(self.t.conn())
            .await;
        let own = inquiries::Column::PatientId.eq(person.unwrap().unwrap().id);
        inquiries::Entity::find().filter(own).one(self.t.conn()).await.unwrap().unwrap().id.to_string()
    }

    /// A photograph on the disk of whoever sits before the browser.
    pub fn picture(&self, seed: u64) -> PathBuf {
        let file = self.t.folder().join(format!("IMG_{seed:04}.jpg"));
        std::fs::write(&file, testkit::jpeg(640, 640, seed)).unwrap();
        file
    }

    /// How many rows a table holds.
    pub async fn rows(&self, table: &str) -> i64 {
        let conn = self.t.conn();
        let query = format!("SELECT COUNT(*) AS rows_there FROM {table}");
        let query = Statement::from_string(conn.get_database_backend(), query);
        conn.query_one_raw(query).await.unwrap().unwrap().try_get("", "rows_there").unwrap()
    }

    pub async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
    }
}
