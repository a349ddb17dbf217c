//! Staff invite affiliates in a browser, and the one invited comes in; what staff see of a patient's sign-ins.

use identity::seed::{AdminSpec, PatientSpec};
use kernel::Guard;
use platform::entity::audit_logs;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;
use testkit::{TestApp, both};

use crate::tab::{cookie_of, location, proof, root, set, tab};
use crate::world::World;

const EMAIL: &str = "ada@travels.example";

fn invitation<'a>(csrf: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("_csrf", csrf),
        ("affiliate_name", "Ada Travels"),
        ("email", EMAIL),
        ("affiliate_type", "influencer"),
        ("commission_type", "percentage"),
        ("commission_value", value),
    ]
}

both! {
    async fn an_affiliate_is_invited_opens_the_account_and_signs_in(t: TestApp) {
        let world = World::new(t).await;
        let own = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let csrf = proof(&world.t).0;
        let desk = tab(&world, &[("hairline_session", &own)]);
        assert!(desk.get("/admin/affiliates").await.assert_status(200).text().contains("No affiliates yet"));
        // What was typed stays beside its fault.
        for (value, fault) in [("99", "commission_value-error"), ("much", "commission_value-error"), ("22", "confirm_high-error")] {
            let page = desk.form("/admin/affiliates/invite", &invitation(&csrf, value)).await.assert_status(422).text();
            assert!(page.contains(fault) && page.contains("value=\"Ada Travels\"") && page.contains(&format!("value=\"{value}\"")), "{value}: {page}");
        }
        desk.form("/admin/affiliates/invite", &invitation("stale", "10")).await.assert_status(403);
        let made = desk.form("/admin/affiliates/invite", &invitation(&csrf, "10")).await.assert_status(303);
        let path = location(&made).split('?').next().unwrap().to_owned();
        let page = desk.get(&path).await.assert_status(200).text();
        assert!(page.contains("HP-AFF-00001") && page.contains(&format!("action=\"{path}/resend\"")), "{page}");
        // Sent twice, the form says what is wrong instead of making two.
        let again = desk.form("/admin/affiliates/invite", &invitation(&csrf, "10")).await.assert_status(422).text();
        assert!(again.contains("email-error"), "{again}");

        world.run_jobs().await;
        let mail = world.t.app.mailer.sent().iter().rfind(|mail| mail.to == EMAIL).cloned().expect("a mail");
        let token = mail.text.split("/affiliate/activate#").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let stranger = tab(&world, &[]);
        let password = crate::world::PASSWORD;
        let fields = [("_csrf", csrf.as_str()), ("token", token.as_str()), ("password", password), ("password_confirmation", password), ("terms_accepted", "true")];
        let done = stranger.form("/affiliate/activate/set-up", &fields).await.assert_status(303);
        assert_eq!(location(&done), "/affiliate/login?done=activated");
        let entered = stranger.form("/affiliate/login", &[("_csrf", &csrf), ("login", EMAIL), ("password", password)]).await.assert_status(303);
        let session = set(&entered.headers, "hairline_session");
        let partner = tab(&world, &[("hairline_session", &session)]);
        for page in ["/affiliate", "/affiliate/account", "/affiliate/account/preferences", "/affiliate/notifications"] {
            partner.get(page).await.assert_status(200);
        }
        // Those who keep the affiliates are told, and the page offers no more links.
        world.run_jobs().await;
        assert!(desk.get("/admin/notifications").await.text().contains("Ada Travels is on board"));
        let page = desk.get(&path).await.assert_status(200).text();
        assert!(!page.contains(&format!("action=\"{path}/resend\"")), "{page}");
        for act in ["resend", "withdraw"] {
            let page = desk.form(&format!("{path}/{act}"), &[("_csrf", &csrf)]).await.assert_status(409).text();
            assert!(page.contains("has no password yet"), "{page}");
        }
    }

    async fn whoever_may_only_look_finds_no_buttons(t: TestApp) {
        let world = World::new(t).await;
        let own = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let csrf = proof(&world.t).0;
        let made = tab(&world, &[("hairline_session", &own)]).form("/admin/affiliates/invite", &invitation(&csrf, "10")).await.assert_status(303);
        let path = location(&made).split('?').next().unwrap().to_owned();
        let mut spec = AdminSpec::super_admin("help@hairline.example");
        spec.role = "support_staff".to_owned();
        let help = identity::seed::admin(&world.t.app, spec).await.unwrap();
        let help = cookie_of(&world, Guard::Api, help.any()).await;
        let help = tab(&world, &[("hairline_session", &help)]);
        for page in ["/admin/affiliates", "/admin/affiliates/invite", &path] {
            help.get(page).await.assert_status(403);
        }
        help.form("/admin/affiliates/invite", &invitation(&csrf, "10")).await.assert_status(403);
        help.form(&format!("{path}/withdraw"), &[("_csrf", &csrf)]).await.assert_status(403);
    }

    // R-ID-64: a list that is only looked at is no search; one that is searched for people is on record, without the words.
    async fn searches_for_people_among_cases_and_offers_are_on_record(t: TestApp) {
        let world = World::new(t).await;
        let own = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let desk = tab(&world, &[("hairline_session", &own)]);
        let (conn, mut before) = (world.t.conn(), 0);
        for path in ["/admin/cases", "/admin/quotes", "/admin/patients"] {
            for (asked, more) in [(path.to_owned(), 0), (format!("{path}?q=peterson"), 1)] {
                desk.get(&asked).await.assert_status(200);
                let searched = audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("patients.searched"));
                let rows = searched.all(conn).await.unwrap();
                assert_eq!(rows.len(), before + more, "{asked}");
                assert!(rows.iter().all(|row| row.fields.is_none() && row.reason.is_none()), "{asked}");
                before = rows.len();
            }
        }
    }

    async fn staff_see_where_a_patient_is_signed_in(t: TestApp) {
        let world = World::new(t).await;
        let patient = identity::seed::patient(&world.t.app, PatientSpec::new(&world.t.app, "Mark", "Peterson")).await.unwrap();
        let own = cookie_of(&world, Guard::Api, root(&world).await.any()).await;
        let desk = tab(&world, &[("hairline_session", &own)]);
        let path = format!("/admin/patients/{}/account", patient.id);
        assert!(desk.get(&path).await.assert_status(200).text().contains("Nowhere now"));
        cookie_of(&world, Guard::Patient, patient.id.any()).await;
        let page = desk.get(&path).await.assert_status(200).text();
        assert!(page.contains("Where the patient is signed in") && !page.contains("Nowhere now"), "{page}");
        // Who looked is on record, and what is there to be corrected is opened for those who may correct it (R-ID-64).
        let viewed = || audit_logs::Entity::find().filter(audit_logs::Column::Action.eq("patient.viewed"));
        assert_eq!(viewed().count(world.t.conn()).await.unwrap(), 2);
        let billing = AdminSpec { role: "billing_staff".to_owned(), ..AdminSpec::super_admin("bills@hairline.example") };
        let billing = identity::seed::admin(&world.t.app, billing).await.unwrap();
        let own = cookie_of(&world, Guard::Api, billing.any()).await;
        let page = tab(&world, &[("hairline_session", &own)]).get(&path).await.assert_status(200).text();
        assert!(!page.contains("+4477") && !page.contains("name=\"birthday\""), "{page}");
        let last = viewed().order_by_desc(audit_logs::Column::Id).one(world.t.conn()).await.unwrap().unwrap();
        assert_eq!(last.fields, Some(json!(["first_name", "last_name", "sessions"])));
    }
}
