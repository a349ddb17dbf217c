//! Logo, cover, pictures and videos of clinics (R-MG-12, 13, 23).

use directory::entity::{provider_media, providers};
use directory::gallery;
use directory::seed::{Clinic, ClinicSpec};
use identity::entity::patient_consents::{
    self as consents, PatientConsentAction, PatientConsentChannel, PatientConsentType,
};
use kernel::ids::{PatientConsentId, PatientId, ProviderMediaId};
use sea_orm::{ActiveModelTrait, EntityTrait, Set};
use serde_json::json;
use testkit::{Client, TestApp, Upload, actors, both, jpeg};

use crate::{admin, clinic};

async fn world(t: &TestApp) -> (Clinic, Client, Client) {
    let made = clinic(t, ClinicSpec::new("Aegean Hair")).await;
    let api = t.client(directory::routes());
    let owner = api.as_actor(actors::clinic_owner(made.owner, made.id()));
    let staff = api.as_actor(admin(t, "admin").await);
    (made, owner, staff)
}

fn picture() -> Upload {
    Upload::jpeg(jpeg(640, 480, 7))
}

const WORDS: [(&str, &str); 3] = [("collection", "facility"), ("alt_text", "A bright room"), ("title", "Room")];

async fn add(owner: &Client) -> ProviderMediaId {
    owner.multipart("/provider/media", &WORDS, &[picture()]).await.assert_status(201).get("/id")
}

async fn shown(t: &TestApp, made: &Clinic) -> Vec<String> {
    let page = t.client(directory::routes()).get(&format!("/providers/{}/media", made.id())).await.assert_status(200);
    page.at("/data").as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned()).collect()
}

async fn consent(t: &TestApp, patient: PatientId, action: PatientConsentAction) -> PatientConsentId {
    let id = PatientConsentId::new();
    consents::ActiveModel {
        id: Set(id),
        patient_id: Set(patient),
        consent_type: Set(PatientConsentType::PhotoPublication),
        action: Set(action),
        terms_and_conditions_id: Set(None),
        document_version: Set(None),
        locale: Set("en".into()),
        content_sha256: Set(None),
        channel: Set(PatientConsentChannel::Web),
        ip_address: Set(None),
        user_agent: Set(None),
        acted_at: Set(t.now()),
        created_at: Set(t.now()),
    }
    .insert(t.conn())
    .await
    .unwrap();
    id
}

both! {
    async fn r_mg_12_a_logo_is_large_enough_and_replaces_the_earlier_one(t: TestApp) {
        let (made, owner, staff) = world(&t).await;
        let put = async |width, height| owner.put_multipart("/provider/profile/logo", &[Upload::jpeg(jpeg(width, height, 7))]).await;
        put(199, 400).await.assert_status(422).assert_field("file", "media_quality_insufficient");
        put(200, 200).await.assert_status(204);
        let logo = async || t.client(directory::routes()).get(&format!("/providers/{}", made.id())).await.str("/profile_image").to_owned();
        let first = logo().await;
        let before = providers::Entity::find_by_id(made.id()).one(t.conn()).await.unwrap().unwrap();
        t.advance(chrono::TimeDelta::seconds(5));
        put(300, 300).await.assert_status(204);
        let after = providers::Entity::find_by_id(made.id()).one(t.conn()).await.unwrap().unwrap();
        assert!(logo().await != first && after.updated_at > before.updated_at, "kept pages are read anew");
        assert_eq!(after.version, before.version, "who edits the text is not in the way");
        let old: kernel::ids::FileId = before.profile_image.unwrap().parse().unwrap();
        let row = platform::entity::files::Entity::find_by_id(old).one(t.conn()).await.unwrap().unwrap();
        assert!(row.deleted_at.is_some(), "the earlier one is reachable no more");
        let text = Upload { bytes: b"not a picture".to_vec(), ..picture() };
        owner.put_multipart("/provider/profile/cover", &[text]).await.assert_status(422).assert_field("file", "media_type_invalid");
        owner.put_multipart("/provider/profile/cover", &[picture()]).await.assert_status(204);
        owner.put_multipart("/provider/profile/cover", &[]).await.assert_status(422).assert_field("file", "required");
        for _ in 0..2 {
            owner.delete("/provider/profile/cover").await.assert_status(204);
        }
        let kept = providers::Entity::find_by_id(made.id()).one(t.conn()).await.unwrap().unwrap();
        assert!(kept.cover_image.is_none() && kept.profile_image.is_some());
        staff.put_multipart("/provider/profile/logo", &[picture()]).await.assert_status(403);
        t.client(directory::routes()).as_actor(actors::clinic_billing(made.owner, made.id())).delete("/provider/profile/logo").await.assert_status(403);
    }

    async fn r_mg_13_staff_publish_what_a_clinic_adds(t: TestApp) {
        let (made, owner, staff) = world(&t).await;
        let id = add(&owner).await;
        assert!(shown(&t, &made).await.is_empty(), "nothing is shown unseen");
        let waiting = staff.get("/admin/provider-media").await.assert_status(200);
        assert_eq!((waiting.str("/data/0/id"), waiting.str("/data/0/status"), waiting.at("/meta/total")), (id.to_string().as_str(), "pending", &json!(1)));
        let step = |client: &Client, step: &str| {
            let (client, path) = (client.clone(), step.replace("{id}", &id.to_string()));
            async move { client.post(&path, json!({})).await }
        };
        let publish = async |client: &Client, seen: &str| client.post(&format!("/admin/provider-media/{id}/publish"), json!({ "updated_at": seen })).await;
        let seen = waiting.str("/data/0/updated_at").to_owned();
        publish(&owner, &seen).await.assert_status(403);
        // Words that change behind staff's back are looked at once more, even within the same second.
        owner.patch(&format!("/provider/media/{id}"), json!({ "alt_text": "A bright room", "title": "Our room" })).await.assert_status(204);
        publish(&staff, &seen).await.assert_problem(409, "stale_version");
        let seen = staff.get("/admin/provider-media").await.str("/data/0/updated_at").to_owned();
        for _ in 0..2 {
            publish(&staff, &seen).await.assert_status(204);
        }
        assert_eq!(shown(&t, &made).await, [id.to_string()]);
        // What everybody saw is not said anew behind staff's back.
        let words = json!({ "alt_text": "Call +90 555", "title": "" });
        owner.patch(&format!("/provider/media/{id}"), &words).await.assert_problem(409, "media_state");
        step(&owner, "/provider/media/{id}/hide").await.assert_status(204);
        assert!(shown(&t, &made).await.is_empty());
        owner.patch(&format!("/provider/media/{id}"), json!({ "alt_text": "A bright room with a chair" })).await.assert_status(204);
        publish(&staff, &seen).await.assert_problem(409, "media_state");
        step(&owner, "/provider/media/{id}/offer").await.assert_status(204);
        let refuse = async |reason: &str| staff.post(&format!("/admin/provider-media/{id}/reject"), json!({ "reason": reason })).await;
        refuse("no").await.assert_status(422).assert_field("reason", "reason_length");
        refuse("A patient can be recognised.").await.assert_status(204);
        let own = owner.get("/provider/media").await.assert_status(200);
        assert_eq!((own.str("/data/0/status"), own.str("/data/0/rejection_reason")), ("rejected", "A patient can be recognised."));
        assert!(own.str("/data/0/url").starts_with("/files/") && own.str("/data/0/alt_text") == "A bright room with a chair");
        owner.delete(&format!("/provider/media/{id}")).await.assert_status(204);
        owner.delete(&format!("/provider/media/{id}")).await.assert_status(404);
        // Everything is on record.
        let told = platform::entity::audit_logs::Entity::find().all(t.conn()).await.unwrap();
        let count = |action: &str| told.iter().filter(|row| row.action == action).count();
        assert_eq!((count("provider_media.added"), count("provider_media.state_changed"), count("provider_media.removed")), (1, 4, 1));
    }

    async fn pictures_are_their_clinics_own(t: TestApp) {
        let (_, owner, _) = world(&t).await;
        let other = clinic(&t, ClinicSpec::new("Bosphorus Hair")).await;
        let stranger = t.client(directory::routes()).as_actor(actors::clinic_owner(other.owner, other.id()));
        let (id, own) = (add(&owner).await, add(&stranger).await);
        stranger.patch(&format!("/provider/media/{id}"), json!({ "alt_text": "Mine" })).await.assert_status(404);
        stranger.delete(&format!("/provider/media/{id}")).await.assert_status(404);
        stranger.post(&format!("/provider/media/{id}/hide"), json!({})).await.assert_status(404);
        stranger.put("/provider/media/order", json!({ "ids": [own, id] })).await.assert_status(404);
        assert_eq!(stranger.get("/provider/media").await.at("/meta/total"), &json!(1));
        crate::sql(&t, "UPDATE providers SET status = 'suspended'").await;
        owner.multipart("/provider/media", &WORDS, &[picture()]).await.assert_problem(403, "provider_suspended");
        owner.delete("/provider/profile/logo").await.assert_problem(403, "provider_suspended");
    }

    async fn pictures_stand_in_the_clinics_order(t: TestApp) {
        let (_, owner, _) = world(&t).await;
        let ids = [add(&owner).await, add(&owner).await, add(&owner).await];
        let order = async || {
            let page = owner.get("/provider/media").await;
            (0..3).map(|at| page.get::<ProviderMediaId>(&format!("/data/{at}/id"))).collect::<Vec<_>>()
        };
        assert_eq!(order().await, ids);
        owner.put("/provider/media/order", json!({ "ids": [ids[2], ids[2]] })).await.assert_status(204);
        assert_eq!(order().await, [ids[2], ids[0], ids[1]]);
    }

    async fn what_is_wrong_with_a_picture_is_said_beside_its_field(t: TestApp) {
        let (_, owner, _) = world(&t).await;
        let sent = async |words: &[(&str, &str)]| owner.multipart("/provider/media", words, &[picture()]).await.assert_status(422);
        sent(&[("collection", "kitchen"), ("alt_text", "x")]).await.assert_field("collection", "unknown_value");
        let long = "a".repeat(256);
        let both = sent(&[("collection", "team"), ("alt_text", &long), ("title", &long)]).await;
        both.assert_field("alt_text", "too_long").assert_field("title", "too_long");
        sent(&[("collection", "team")]).await.assert_field("alt_text", "required");
        let treatment = kernel::ids::TreatmentId::new().to_string();
        sent(&[("collection", "gallery"), ("alt_text", "x"), ("treatment_id", &treatment)]).await.assert_field("treatment_id", "treatment_unknown");
        owner.multipart("/provider/media", &WORDS, &[]).await.assert_status(422).assert_field("file", "required");
        // Sixty fit.
        let first = add(&owner).await;
        let row = provider_media::Entity::find_by_id(first).one(t.conn()).await.unwrap().unwrap();
        for _ in 1..gallery::MOST {
            provider_media::ActiveModel::from(provider_media::Model { id: ProviderMediaId::new(), ..row.clone() }).reset_all().insert(t.conn()).await.unwrap();
        }
        owner.multipart("/provider/media", &WORDS, &[picture()]).await.assert_status(422).assert_field("file", "too_many_files");
    }

    async fn a_patient_is_shown_only_while_the_consent_stands(t: TestApp) {
        let (made, owner, staff) = world(&t).await;
        let spec = identity::seed::PatientSpec::new(&t.app, "John", "Doe");
        let john = identity::seed::patient(&t.app, spec).await.unwrap().id;
        let words = [("collection", "before_after"), ("alt_text", "Before and after six months")];
        owner.multipart("/provider/media", &words, &[picture()]).await.assert_status(422).assert_field("consent_id", "consent_missing");
        let given = consent(&t, john, PatientConsentAction::Granted).await.to_string();
        let unknown = PatientConsentId::new().to_string();
        let with = async |consent: &str| {
            let words = [words[0], words[1], ("consent_id", consent)];
            owner.multipart("/provider/media", &words, &[picture()]).await
        };
        with(&unknown).await.assert_status(422).assert_field("consent_id", "consent_missing");
        with(&given).await.assert_status(422).assert_field("consent_id", "consent_missing");
        let treatment = crate::clinics::offer(&t, &made, "2000", "EUR").await;
        crate::clinics::book(&t, &made, john, treatment).await;
        let id: ProviderMediaId = with(&given).await.assert_status(201).get("/id");
        let seen = staff.get("/admin/provider-media").await.str("/data/0/updated_at").to_owned();
        staff.post(&format!("/admin/provider-media/{id}/publish"), json!({ "updated_at": seen })).await.assert_status(204);
        assert_eq!(shown(&t, &made).await, [id.to_string()]);
        gallery::hide_without_consent(&t.app).await.unwrap();
        assert_eq!(shown(&t, &made).await, [id.to_string()]);
        consent(&t, john, PatientConsentAction::Withdrawn).await;
        assert!(shown(&t, &made).await.is_empty(), "from the moment it is taken back");
        gallery::hide_without_consent(&t.app).await.unwrap();
        let row = provider_media::Entity::find_by_id(id).one(t.conn()).await.unwrap().unwrap();
        assert_eq!(row.status, provider_media::ProviderMediaStatus::Hidden);
        with(&given).await.assert_status(422).assert_field("consent_id", "consent_missing");
        owner.post(&format!("/provider/media/{id}/offer"), json!({})).await.assert_problem(409, "consent_missing");
    }
}
