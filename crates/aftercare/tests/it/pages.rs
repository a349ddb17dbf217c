//! The pages of recoveries: older plans, pictures compared, what a clinic's and the team's list can be asked for.

use aftercare::entity::{after_cares, aftercare_milestone_scans as scans, aftercare_workflows as workflows};
use axum::Extension;
use kernel::ids::{AfterCareId, PatientId, QuoteId};
use platform::db::count_statements;
use platform::web::CsrfToken;
use quoting::entity::quotes;
use sea_orm::{ActiveModelTrait, EntityTrait, QueryOrder, Set};
use testkit::{Client, TestApp, actors};

use crate::recovery::{Recovery, recovering};

fn pages(t: &TestApp) -> Client {
    t.client(aftercare::pages().layer(Extension(CsrfToken("browser".to_owned()))))
}

/// The page's text; with the session's statement there are eight at most.
async fn text(client: &Client, path: &str) -> String {
    let (page, statements) = count_statements(client.get(path)).await;
    assert!(statements <= 7, "{path} needs {statements} statements");
    page.assert_status(200).text()
}

async fn scan(t: &TestApp, r: &Recovery, day: &str, seed: u64) {
    t.at(&format!("{day}T09:00:00Z"));
    let views = [1, 2, 3, 4].map(|view| testkit::jpeg(640, 640, seed + view));
    aftercare::seed::upload_scan(&t.app, &r.booking.patient, r.case, views, None).await.unwrap();
}

/// A finished plan of the same patient, older than the running one.
async fn older(t: &TestApp, r: &Recovery) -> AfterCareId {
    let running = after_cares::Entity::find_by_id(r.case).one(t.conn()).await.unwrap().unwrap();
    // Every treatment has a plan of its own: the older one belongs to a booking before.
    let booked = quotes::Entity::find_by_id(r.booking.quote).one(t.conn()).await.unwrap().unwrap();
    let (id, before) = (AfterCareId::new(), QuoteId::new());
    let mut row: quotes::ActiveModel = booked.into();
    row.id = Set(before);
    row.quote_code = Set(Some("HPQ2401-0001".to_owned()));
    row.status = Set(quotes::QuoteStatus::Cancelled);
    quotes::Entity::insert(row).exec_without_returning(t.conn()).await.unwrap();
    let mut row: after_cares::ActiveModel = running.clone().into();
    row.id = Set(id);
    row.quote_id = Set(Some(before));
    row.case_code = Set(Some("AC2401-0001".to_owned()));
    row.status = Set(after_cares::AfterCareStatus::Completed);
    row.completed_at = Set(Some(running.created_at));
    row.created_at = Set(running.created_at - chrono::Duration::days(700));
    after_cares::Entity::insert(row).exec_without_returning(t.conn()).await.unwrap();
    id
}

testkit::both! {
    async fn older_plans_are_reached_from_the_newest(t: TestApp) {
        let r = recovering(&t).await;
        let old = older(&t, &r).await;
        let patient = pages(&t).as_actor(r.booking.patient.clone());
        let newest = text(&patient, "/patient/aftercare").await;
        let href = format!("/patient/aftercare?plan={old}");
        assert!(newest.contains(&href) && newest.contains("AC2401-0001"), "{newest}");
        let shown = text(&patient, &href).await;
        assert!(shown.contains(&format!("/patient/aftercare?plan={}", r.case)), "and back: {shown}");
        assert!(!shown.contains(&format!("/patient/aftercare/{old}/scan")), "nothing is sent to a finished plan");
        let stranger = pages(&t).as_actor(actors::patient(PatientId::new()));
        stranger.get(&href).await.assert_status(404);
        patient.get("/patient/aftercare?plan=nonsense").await.assert_status(404);
    }

    async fn pictures_are_compared_by_view_and_day(t: TestApp) {
        let r = recovering(&t).await;
        let patient = pages(&t).as_actor(r.booking.patient.clone());
        scan(&t, &r, "2026-06-13", 10).await;
        assert!(!text(&patient, "/patient/aftercare").await.contains("data-compare"), "one day is no comparison");
        scan(&t, &r, "2026-06-20", 20).await;
        scan(&t, &r, "2026-06-27", 30).await;
        let compared = |page: &str| -> Vec<String> {
            let part = page.split("data-compare").nth(1).unwrap().split("</div>").next().unwrap();
            part.split("<figcaption>").skip(1).map(|rest| rest.split("</figcaption>").next().unwrap().to_owned()).collect()
        };
        let page = text(&patient, "/patient/aftercare").await;
        let pair = compared(&page);
        assert!(pair[0].starts_with("Front") && pair[0].contains("13 June") && pair[1].contains("27 June"), "{pair:?}");
        let top = compared(&text(&patient, "/patient/aftercare?angle=top").await);
        assert!(top.iter().all(|caption| caption.starts_with("Top")), "{top:?}");
        let rows = scans::Entity::find().order_by_asc(scans::Column::ScanDate).all(t.conn()).await.unwrap();
        let middle = rows.iter().find(|row| row.scan_date.to_string() == "2026-06-20"
            && row.scan_type == scans::AftercareMilestoneScanType::Top).unwrap();
        let chosen = text(&patient, &format!("/patient/aftercare?angle=top&before={}", middle.id)).await;
        assert!(compared(&chosen)[0].contains("20 June"), "{chosen}");
        assert!(chosen.contains(&format!("<option value=\"{}\" selected", middle.id)));
        let wrong = compared(&text(&patient, "/patient/aftercare?angle=inside&before=x&after=y").await);
        assert_eq!(wrong, pair, "what is not there is not asked for");
        let clinic = pages(&t).as_actor(r.booking.owner.clone());
        let page = text(&clinic, &format!("/provider/aftercare/{}?view=pictures&angle=back", r.case)).await;
        assert!(compared(&page)[0].starts_with("Back") && page.contains("?view=pictures&amp;angle=top#compare")
            || page.contains("?view=pictures&#38;angle=top#compare"), "{page}");
    }

    async fn every_view_of_a_scan_is_drawn(t: TestApp) {
        let r = recovering(&t).await;
        let page = text(&pages(&t).as_actor(r.booking.patient.clone()), &format!("/patient/aftercare/{}/scan", r.case)).await;
        assert_eq!(page.matches("<svg class=\"guide\"").count(), 4, "{page}");
    }

    async fn a_clinic_asks_its_list(t: TestApp) {
        let r = recovering(&t).await;
        let clinic = pages(&t).as_actor(r.booking.owner.clone());
        let code = after_cares::Entity::find_by_id(r.case).one(t.conn()).await.unwrap().unwrap().case_code.unwrap();
        let row = format!("/provider/aftercare/{}\"", r.case);
        let has = async |query: &str| text(&clinic, &format!("/provider/aftercare?{query}")).await.contains(&row);
        t.at("2026-06-13T06:00:00Z");
        for (query, found) in [("", true), (&*format!("q={}", code.to_lowercase()), true), ("q=pat-", true), ("q=john", false),
            ("attention=urgent", false), ("attention=overdue", false), ("attention=nonsense", true)] {
            assert_eq!(has(query).await, found, "{query}");
        }
        aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 9, None).await.unwrap();
        assert!(has("attention=urgent").await);
        t.at("2026-06-19T09:00:00Z");
        assert!(has("attention=overdue").await && has(&format!("attention=overdue&q={code}")).await);
        assert!(!has("attention=overdue&q=AC0000").await && !has("attention=overdue&page=2").await);
        let stranger = actors::clinic_owner(kernel::ids::ProviderUserId::new(), kernel::ids::ProviderId::new());
        let foreign = text(&clinic.as_actor(stranger), "/provider/aftercare?attention=overdue").await;
        assert!(!foreign.contains(&row));
    }

    async fn the_work_list_says_who_is_in_charge(t: TestApp) {
        let r = recovering(&t).await;
        t.at("2026-06-13T09:00:00Z");
        aftercare::seed::answer_pain(&t.app, &r.booking.patient, r.case, 9, None).await.unwrap();
        let staff = pages(&t).as_actor(actors::super_admin(r.admin()));
        let api = t.client(aftercare::routes()).as_actor(actors::super_admin(r.admin()));
        let alarm = workflows::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let mut free: workflows::ActiveModel = alarm.clone().into();
        (free.assigned_to_type, free.assigned_to_id) = (Set(None), Set(None));
        free.update(t.conn()).await.unwrap();
        assert!(text(&staff, "/admin/aftercare").await.contains("Nobody yet"));
        api.post(&format!("/aftercare-workflows/{}/acknowledge", alarm.id), serde_json::json!({})).await.assert_status(200);
        let admin = identity::entity::users::Entity::find_by_id(r.admin()).one(t.conn()).await.unwrap().unwrap();
        let name = format!("{} {}", admin.firstname, admin.lastname);
        let page = text(&staff, "/admin/aftercare").await;
        assert!(page.contains(&name) && !page.contains("Nobody yet"), "{page}");
        assert_eq!(api.get("/aftercare/worklist").await.str("/data/0/assignee"), name);
    }
}
