//! Up, down, again and at the same time.

use std::collections::BTreeSet;

use migration::{MigrateError, Runner, Schema, State, Step, StepStatus, inspect, tables};
use sea_orm::{ConnectionTrait, DbBackend};

use crate::support::{on_each, on_mysql, up};

fn quiet(_: &str, _: State) {}

async fn tables_of(runner: &Runner) -> BTreeSet<String> {
    inspect::table_names(runner.connection()).await.unwrap()
}

fn ledger_only() -> BTreeSet<String> {
    BTreeSet::from(["migrations".to_owned()])
}

#[tokio::test]
async fn up_and_reset_leave_nothing() {
    on_each(async |db| {
        let runner = db.runner().await;
        let mut told = Vec::new();
        let done =
            runner.up(|name, state| told.push((name.to_owned(), matches!(state, State::Done(_))))).await.unwrap();
        assert_eq!(told.iter().filter(|(_, done)| *done).map(|(name, _)| name.clone()).collect::<Vec<_>>(), done);
        assert_eq!(told.len(), done.len() * 2);
        assert!(up(&runner).await.unwrap().is_empty(), "nothing is left to do");

        let undone = runner.reset(quiet).await.unwrap();
        assert_eq!(undone.iter().rev().collect::<Vec<_>>(), done.iter().collect::<Vec<_>>());
        assert_eq!(tables_of(&runner).await, ledger_only());
        assert!(inspect::trigger_names(runner.connection()).await.unwrap().is_empty());
        assert!(inspect::view_names(runner.connection()).await.unwrap().is_empty());
        assert!(runner.status().await.unwrap().iter().all(|step| step.batch.is_none()));
    })
    .await;
}

#[tokio::test]
async fn rollback_takes_the_last_batch_or_so_many_steps() {
    on_each(async |db| {
        let runner = db.runner().await.with_steps(vec![&FIRST, &SECOND]);
        up(&runner).await.unwrap();
        let runner = runner.with_steps(vec![&FIRST, &SECOND, &THIRD]);
        assert_eq!(up(&runner).await.unwrap(), [THIRD.name]);
        assert_eq!(batches(&runner).await, [Some(1), Some(1), Some(2)]);

        assert_eq!(runner.rollback(None, quiet).await.unwrap(), [THIRD.name], "the last batch");
        assert_eq!(runner.rollback(Some(1), quiet).await.unwrap(), [SECOND.name]);
        assert_eq!(batches(&runner).await, [Some(1), None, None]);
        assert_eq!(up(&runner).await.unwrap(), [SECOND.name, THIRD.name]);
        assert_eq!(runner.rollback(Some(9), quiet).await.unwrap(), [THIRD.name, SECOND.name, FIRST.name]);
        assert!(runner.rollback(None, quiet).await.unwrap().is_empty());
        assert_eq!(tables_of(&runner).await, ledger_only());
    })
    .await;
}

async fn batches(runner: &Runner) -> Vec<Option<i32>> {
    runner.status().await.unwrap().into_iter().map(|step: StepStatus| step.batch).collect()
}

#[tokio::test]
async fn refresh_makes_everything_anew() {
    on_each(async |db| {
        let runner = db.runner().await.with_steps(vec![&FIRST, &SECOND]);
        up(&runner).await.unwrap();
        runner.connection().execute_unprepared("INSERT INTO firsts (id) VALUES ('a')").await.unwrap();
        assert_eq!(runner.refresh(quiet).await.unwrap(), [FIRST.name, SECOND.name]);
        // A row that survived would be in the way.
        runner.connection().execute_unprepared("INSERT INTO firsts (id) VALUES ('a')").await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn fresh_clears_what_others_left() {
    on_each(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        for statement in [
            "CREATE TABLE strangers (id INT PRIMARY KEY)",
            "CREATE VIEW strange AS SELECT id FROM strangers",
            "DROP TABLE quotes",
        ] {
            // Dropping a table others point to needs the checks off on MySQL.
            if db.backend == DbBackend::MySql {
                runner.connection().execute_unprepared("SET foreign_key_checks = 0").await.unwrap();
            }
            runner.connection().execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(runner.fresh(quiet).await.unwrap().len(), runner.status().await.unwrap().len());
        let mut names = tables_of(&runner).await;
        names.remove("migrations");
        assert_eq!(names, tables().iter().map(|table| table.name.to_owned()).collect());
        assert!(inspect::view_names(runner.connection()).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn two_runners_share_the_work() {
    on_each(async |db| {
        let (one, two) = (db.runner().await, db.runner().await);
        let first = tokio::spawn(async move { up(&one).await.map(|done| (one, done)) });
        let second = tokio::spawn(async move { up(&two).await });
        let (runner, mut done) = first.await.unwrap().unwrap();
        done.extend(second.await.unwrap().unwrap());
        done.sort();
        let mut all: Vec<String> = runner.status().await.unwrap().into_iter().map(|step| step.name).collect();
        all.sort();
        assert_eq!(done, all, "every step ran once");
        assert_eq!(tables_of(&runner).await.len(), tables().len() + 1);
    })
    .await;
}

#[tokio::test]
async fn a_step_that_stopped_half_way_is_run_again() {
    on_mysql(async |db| {
        let runner = db.runner().await;
        up(&runner).await.unwrap();
        // As if the process had died: triggers and keys missing, the ledger unaware of the last steps.
        for statement in [
            "DROP TRIGGER trg_quotes_no_delete",
            "ALTER TABLE patients DROP FOREIGN KEY fk_patients_location_id",
            "DELETE FROM migrations WHERE migration LIKE '%create_quotes_table'",
            "DELETE FROM migrations WHERE migration LIKE '%add_foreign_keys%'",
        ] {
            runner.connection().execute_unprepared(statement).await.unwrap();
        }
        assert_eq!(up(&runner).await.unwrap().len(), 15);
        let triggers = inspect::trigger_names(runner.connection()).await.unwrap();
        assert!(triggers.contains("trg_quotes_no_delete"));
        let keys = inspect::foreign_key_names(runner.connection(), "patients").await.unwrap();
        assert!(keys.contains("fk_patients_location_id"), "{keys:?}");
    })
    .await;
}

#[tokio::test]
async fn a_failing_step_leaves_the_ones_before_it() {
    on_each(async |db| {
        let runner = db.runner().await.with_steps(vec![&FIRST, &BROKEN, &SECOND]);
        let failure = up(&runner).await.unwrap_err();
        assert!(matches!(&failure, MigrateError::Step { step, .. } if step == BROKEN.name), "{failure}");
        assert_eq!(batches(&runner).await, [Some(1), None, None]);
        let names = tables_of(&runner).await;
        assert!(names.contains("firsts") && !names.contains("seconds"));
        // SQLite takes back what the step had begun.
        assert_eq!(names.contains("halves"), db.backend == DbBackend::MySql);
    })
    .await;
}

#[tokio::test]
async fn steps_of_others_are_not_touched() {
    on_each(async |db| {
        let runner = db.runner().await.with_steps(vec![&FIRST]);
        up(&runner).await.unwrap();
        let foreign = "INSERT INTO migrations (migration, batch) VALUES ('2014_10_12_000000_create_users_table', 7)";
        runner.connection().execute_unprepared(foreign).await.unwrap();
        let refused = runner.rollback(None, quiet).await.unwrap_err();
        assert!(matches!(refused, MigrateError::Unknown(names) if names.len() == 1));
        assert!(matches!(runner.reset(quiet).await, Err(MigrateError::Unknown(_))));
        assert!(tables_of(&runner).await.contains("firsts"));
        assert!(!runner.status().await.unwrap().last().unwrap().known);
    })
    .await;
}

#[tokio::test]
async fn a_table_of_somebody_else_is_not_taken_for_ours() {
    on_mysql(async |db| {
        let runner = db.runner().await.with_steps(vec![&FIRST]);
        runner.connection().execute_unprepared("CREATE TABLE firsts (other INT PRIMARY KEY)").await.unwrap();
        let refused = up(&runner).await.unwrap_err();
        assert!(
            matches!(&refused, MigrateError::Differs { missing, .. } if missing == &["id", "first_id"]),
            "{refused}"
        );
    })
    .await;
}

#[tokio::test]
async fn the_database_knows_its_name() {
    on_each(async |db| {
        let name = db.runner().await.database_name().await.unwrap();
        assert!(!name.is_empty() && db.url.ends_with(name.rsplit('/').next().unwrap()), "{name}");
    })
    .await;
}

static FIRST: Step = Step { name: "2030_01_01_000010_create_firsts_table", up: first_up, down: first_down };
static SECOND: Step = Step { name: "2030_01_01_000020_create_seconds_table", up: second_up, down: second_down };
static THIRD: Step = Step { name: "2030_01_01_000030_create_thirds_table", up: third_up, down: third_down };
static BROKEN: Step = Step { name: "2030_01_01_000015_create_halves_table", up: broken_up, down: broken_down };

fn table(schema: &mut Schema, name: &'static str) {
    schema.create(name, |t| {
        t.id();
        t.uuid("first_id").nullable().references("firsts", "id");
    });
}

fn first_up(schema: &mut Schema) {
    table(schema, "firsts");
}

fn first_down(schema: &mut Schema) {
    schema.drop("firsts");
}

fn second_up(schema: &mut Schema) {
    table(schema, "seconds");
}

fn second_down(schema: &mut Schema) {
    schema.drop("seconds");
}

fn third_up(schema: &mut Schema) {
    table(schema, "thirds");
}

fn third_down(schema: &mut Schema) {
    schema.drop("thirds");
}

fn broken_up(schema: &mut Schema) {
    table(schema, "halves");
    schema.create("others", |t| {
        t.id();
        t.check("no_such_column > 0");
    });
}

fn broken_down(schema: &mut Schema) {
    schema.drop("others");
    schema.drop("halves");
}
