//! The wing over HTTP, on both engines.

#![cfg(test)]

mod clinics;
mod featured;
mod gallery;
mod patients;

use sea_orm::ConnectionTrait;
use testkit::TestApp;

async fn sql(t: &TestApp, statement: &str) {
    t.conn().execute_unprepared(statement).await.unwrap();
}

async fn clinic(t: &TestApp, spec: directory::seed::ClinicSpec) -> directory::seed::Clinic {
    directory::seed::clinic(&t.app, spec).await.unwrap()
}

async fn admin(t: &TestApp, role: &str) -> kernel::Actor {
    let spec = identity::seed::AdminSpec {
        role: role.into(),
        ..identity::seed::AdminSpec::super_admin(&format!("{role}@hairline.example"))
    };
    let id = identity::seed::admin(&t.app, spec).await.unwrap();
    testkit::actors::staff(id, role)
}
