//! Lists need at most eight statements, however many rows they show.

use std::collections::BTreeSet;

use catalogue::entity::packages::PackageCategory;
use futures::StreamExt;
use identity::seed::{Hashed, PatientSpec};
use inquiry::seed::InquirySpec;
use kernel::ids::{AffiliateId, AnyId, PatientId};
use kernel::{Actor, DateRange, Guard};
use platform::outbox::{self, Event};
use quoting::seed::QuoteSpec;
use testkit::{Client, TestApp, actors, both};

use crate::doors::session;
use crate::world::World;

/// Cases until there are `count`, each with an accepted quote of the first clinic, and as much news for one patient.
async fn grow(world: &World, reader: PatientId, from: usize, count: usize, pictures: &[Vec<u8>]) {
    let side = &world.clinics[0];
    let app = &world.t.app;
    let start = world.t.now().date_naive() + chrono::Duration::days(40);
    let range = DateRange::new(start, start + chrono::Duration::days(80)).unwrap();
    // Several at a time: each waits mostly for the database.
    futures::stream::iter(from..count)
        .for_each_concurrent(4, async |number| {
            let mut spec = PatientSpec::new(app, "Mark", "Peterson");
            spec.email = format!("mark{number}@patients.example");
            spec.phone = format!("+4477008{number:05}");
            spec.password = Hashed::unusable();
            let patient = identity::seed::patient(app, spec).await.unwrap();
            let wish = InquirySpec::new(&["TR"], &[side.id()], pictures.to_vec()).on(&[range]);
            let inquiry = inquiry::seed::inquiry(app, patient.id, wish).await.unwrap();
            let day = start + chrono::Duration::days(i64::try_from(number).unwrap());
            let quote = QuoteSpec::new(side.treatment, 3000, side.clinic.owner, day);
            let clinic = actors::clinic_owner(side.clinic.owner, side.id());
            let quote = quoting::seed::draft_and_submit(app, &clinic, inquiry, &quote).await.unwrap();
            quoting::seed::accept(app, patient.id, quote).await.unwrap();
            let news = Event::new("payment.refunded", "Payment", AnyId::new()).with("patient_id", reader);
            outbox::emit(world.t.conn(), app, &Actor::system(), news).await.unwrap();
            let name = format!("Hotel {number}");
            let price = kernel::Money::new(kernel::Amount::from_units(300), kernel::Currency::GBP);
            catalogue::seed::package(app, side.id(), &name, PackageCategory::Hotel, price).await.unwrap();
        })
        .await;
    world.run_jobs().await;
}

/// Every documented list: a GET without parameters in its path that answers `data` and `meta`.
fn lists() -> Vec<String> {
    let document = serde_json::to_value(server::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .filter(|(path, item)| item.get("get").is_some() && !path.contains('{'))
        .map(|(path, _)| path.clone())
        .collect()
}

/// Everybody who reads lists, freshly signed in.
async fn readers(world: &World, patient: PatientId, partner: AffiliateId) -> [(&'static str, Client); 5] {
    [
        ("clinic", world.clinic(0).await),
        ("admin", world.admin().await),
        ("patient", session(world, Guard::Patient, patient.any()).await),
        ("affiliate", session(world, Guard::Affiliate, partner.any()).await),
        ("guest", world.http.clone()),
    ]
}

async fn counted(client: &Client, path: &str) -> Option<(usize, u64)> {
    let (reply, statements) = platform::db::count_statements(client.get(path)).await;
    if !reply.status.is_success() {
        return None;
    }
    Some((reply.json["data"].as_array()?.len(), statements))
}

both! {
    async fn a_list_needs_no_more_statements_for_more_rows(t: TestApp) {
        let world = World::new(t).await;
        let pictures: Vec<Vec<u8>> = (1..=5).map(|seed| testkit::jpeg(640, 640, seed)).collect();
        let reader = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "John", "Doe")).await.unwrap().id;
        let partner = world.affiliate().await;
        grow(&world, reader, 0, 5, &pictures).await;
        let mut few = Vec::new();
        for (who, client) in readers(&world, reader, partner).await {
            for path in lists() {
                // Warm caches and the minute's note of activity are not the list's.
                client.get(&format!("/api/v1{path}?per_page=100")).await;
                if let Some((rows, statements)) = counted(&client, &format!("/api/v1{path}?per_page=100")).await {
                    few.push((who, path, rows, statements));
                }
            }
        }
        grow(&world, reader, 5, 50, &pictures).await;
        let clients = readers(&world, reader, partner).await;
        let mut grown = BTreeSet::new();
        for (who, path, rows_before, before) in few {
            let client = &clients.iter().find(|(name, _)| *name == who).unwrap().1;
            client.get(&format!("/api/v1{path}?per_page=100")).await;
            let (rows, after) = counted(client, &format!("/api/v1{path}?per_page=100")).await.unwrap();
            assert!(after <= 8, "{who}: {path} needs {after} statements for {rows} rows");
            assert!(after <= before, "{who}: {path} needs {before} statements for {rows_before} rows, {after} for {rows}");
            if rows >= 50 {
                grown.insert(format!("{who} {path}"));
            }
            println!("{who} {path}: {rows_before} rows {before}, {rows} rows {after}");
        }
        assert!(grown.len() >= 5, "only {grown:?} grew to 50 rows");
        assert!(grown.contains("patient /notifications"), "{grown:?}");
    }
}
