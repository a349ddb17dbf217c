//! Staff invite affiliates, invite them once more, take an invitation back; on both engines.

use identity::seed::AdminSpec;
use kernel::ids::{AffiliateId, UserId};
use platform::jobs::Registry;
use promotions::entity::{affiliate_commission_terms, affiliate_credentials, affiliates};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use testkit::{Client, TestApp, actors, both};

async fn desk(t: &TestApp) -> (Client, UserId) {
    t.at("2026-03-02T10:00:00Z");
    identity::install(&t.app).await.unwrap();
    let chief = identity::seed::admin(&t.app, AdminSpec::super_admin("chief@hairline.example")).await.unwrap();
    (t.client(promotions::routes()).as_actor(actors::super_admin(chief)), chief)
}

fn ada() -> Value {
    json!({ "affiliate_name": " Ada Travels ", "email": "Ada@Travels.example", "company_name": "Ada Ltd", "affiliate_type": "organization",
        "commission_type": "percentage", "commission_value": "10.00" })
}

async fn mails(t: &TestApp) -> Vec<platform::mail::Mail> {
    t.run_jobs(&Registry { kinds: identity::jobs(), ..Registry::default() }).await;
    t.app.mailer.sent().to_vec()
}

async fn row(t: &TestApp, id: AffiliateId) -> affiliates::Model {
    affiliates::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap()
}

both! {
    async fn an_invited_partner_is_a_draft_with_a_number_terms_and_a_mail(t: TestApp) {
        let (client, chief) = desk(&t).await;
        let reply = client.post("/admin/affiliates", ada()).await.assert_status(201);
        let id: AffiliateId = reply.get("/id");
        assert_eq!(reply.headers["location"].to_str().unwrap(), format!("/api/v1/admin/affiliates/{id}"));
        let made = row(&t, id).await;
        assert_eq!((made.affiliate_name.as_str(), made.email.as_str(), made.affiliate_code.as_deref()), ("Ada Travels", "ada@travels.example", Some("HP-AFF-00001")));
        assert_eq!(made.status, affiliates::AffiliateStatus::Draft);
        let terms = affiliate_commission_terms::Entity::find().one(t.conn()).await.unwrap().unwrap();
        assert_eq!((terms.affiliate_id, terms.set_by_user_id, terms.effective_from.to_string()), (id, chief, "2026-03-02".to_owned()));
        let sent = mails(&t).await;
        assert_eq!((sent.len(), sent[0].to.as_str()), (1, "ada@travels.example"));
        assert!(sent[0].text.contains("/affiliate/activate#"), "{}", sent[0].text);
        let shown = client.get(&format!("/admin/affiliates/{id}")).await.assert_status(200);
        assert_eq!((shown.str("/status"), shown.str("/link_expires_at")), ("draft", "2026-03-03T10:00:00Z"));
        let list = client.get("/admin/affiliates?q=ada&filter[status]=draft").await.assert_status(200);
        assert_eq!((list.at("/meta/total"), list.str("/data/0/code")), (&json!(1), "HP-AFF-00001"));
        assert_eq!(client.get("/admin/affiliates?filter[status]=active").await.at("/meta/total"), &json!(0));
        // The same address twice, also written otherwise.
        client.post("/admin/affiliates", ada()).await.assert_status(422).assert_field("email", "email_taken");
    }

    async fn r_fn_17_a_commission_out_of_bounds_is_refused_with_all_other_faults(t: TestApp) {
        let (client, _) = desk(&t).await;
        let mut wrong = ada();
        wrong["affiliate_name"] = json!("  ");
        wrong["email"] = json!("nonsense");
        wrong["commission_value"] = json!("25.01");
        let reply = client.post("/admin/affiliates", wrong).await.assert_status(422);
        let reply = reply.assert_field("affiliate_name", "required").assert_field("email", "email_invalid");
        reply.assert_field("commission_value", "commission_out_of_range");
        let mut high = ada();
        high["commission_value"] = json!("20.50");
        client.post("/admin/affiliates", high.clone()).await.assert_status(422).assert_field("confirm_high", "commission_high");
        high["confirm_high"] = json!(true);
        client.post("/admin/affiliates", high).await.assert_status(201);
    }

    async fn a_new_link_ends_the_old_one_and_only_drafts_get_one(t: TestApp) {
        let (client, _) = desk(&t).await;
        let id: AffiliateId = client.post("/admin/affiliates", ada()).await.assert_status(201).get("/id");
        mails(&t).await;
        let hash = async || affiliate_credentials::Entity::find().one(t.conn()).await.unwrap().unwrap().activation_token_hash;
        let first = hash().await;
        client.post(&format!("/admin/affiliates/{id}/resend-activation"), json!({})).await.assert_status(202);
        assert_ne!(hash().await, first, "dead before the next mail is out");
        assert_eq!(mails(&t).await.len(), 2);
        let sent = mails(&t).await;
        let token = sent[1].text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        let form = json!({ "token": token, "password": "Correct-Horse7!", "password_confirmation": "Correct-Horse7!", "terms_accepted": true });
        t.client(identity::routes()).post("/affiliate/auth/activate", form).await.assert_status(204);
        assert_eq!(row(&t, id).await.status, affiliates::AffiliateStatus::Active);
        client.post(&format!("/admin/affiliates/{id}/resend-activation"), json!({})).await.assert_problem(409, "affiliate_not_draft");
        client.delete(&format!("/admin/affiliates/{id}")).await.assert_problem(409, "affiliate_not_draft");
    }

    async fn an_invitation_taken_back_frees_the_address(t: TestApp) {
        let (client, _) = desk(&t).await;
        let id: AffiliateId = client.post("/admin/affiliates", ada()).await.assert_status(201).get("/id");
        let sent = mails(&t).await;
        let token = sent[0].text.split('#').nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
        client.delete(&format!("/admin/affiliates/{id}")).await.assert_status(204);
        client.get(&format!("/admin/affiliates/{id}")).await.assert_status(404);
        client.delete(&format!("/admin/affiliates/{id}")).await.assert_status(404);
        let form = json!({ "token": token, "password": "Correct-Horse7!", "password_confirmation": "Correct-Horse7!", "terms_accepted": true });
        t.client(identity::routes()).post("/affiliate/auth/activate", form).await.assert_status(404);
        client.post("/admin/affiliates", ada()).await.assert_status(201);
    }

    async fn nobody_else_keeps_affiliates(t: TestApp) {
        let (client, chief) = desk(&t).await;
        let id: AffiliateId = client.post("/admin/affiliates", ada()).await.assert_status(201).get("/id");
        let support = t.client(promotions::routes()).as_actor(actors::staff(chief, "support_staff"));
        let affiliate = t.client(promotions::routes()).as_actor(actors::affiliate(id));
        let stranger = t.client(promotions::routes());
        for (who, status) in [(support, 403), (affiliate, 403), (stranger, 401)] {
            who.get("/admin/affiliates").await.assert_status(status);
            who.post("/admin/affiliates", ada()).await.assert_status(status);
            who.post(&format!("/admin/affiliates/{id}/resend-activation"), json!({})).await.assert_status(status);
            who.delete(&format!("/admin/affiliates/{id}")).await.assert_status(status);
        }
    }
}
