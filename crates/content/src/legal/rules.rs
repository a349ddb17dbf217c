//! Which version of a text governs, and who has agreed to enough (R-CM-81, 82).

use identity::acceptances::Agreed;
use identity::consents::PatientConsentType as Consent;
use kernel::ids::LegalDocumentId;
use kernel::{Actor, ActorKind, Timestamp};

use crate::entity::terms_and_conditions::{
    LegalDocumentAudience as Audience, LegalDocumentStatus as Status, LegalDocumentType as Type,
};

/// One row of a document as the rules see it: one language of one version that is or was in force, or will be.
#[derive(Clone, Debug, sea_orm::FromQueryResult)]
pub struct Line {
    /// The row.
    pub id: LegalDocumentId,
    /// What kind of document.
    pub document_type: Type,
    /// For whom.
    pub audience: Audience,
    /// Its version.
    pub version_label: String,
    /// Whether it changed what people agreed to.
    pub is_material: bool,
    /// Whether anybody has to agree to it.
    pub requires_acceptance: bool,
    /// Where it stands.
    pub status: Status,
    /// When it first came into force, or will.
    pub effective_at: Option<Timestamp>,
}

/// A version with all its languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Its label.
    pub label: String,
    /// Its rows, one per language.
    pub ids: Vec<LegalDocumentId>,
    /// When it first came into force.
    pub since: Timestamp,
    material: bool,
    asks: bool,
    status: Status,
}

/// All versions of one document for one audience that were ever in force, the oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// What kind of document.
    pub kind: Type,
    /// For whom.
    pub audience: Audience,
    /// Its versions.
    pub editions: Vec<Edition>,
    current: usize,
}

impl Series {
    /// The version in force.
    pub fn current(&self) -> Option<&Edition> {
        self.editions.get(self.current)
    }

    /// The version people must have agreed to, or a later one: the latest that changed anything, up to the one in force.
    /// The first one always did.
    pub fn governing(&self) -> Option<&Edition> {
        let upto = self.editions.get(..=self.current)?;
        upto.iter().rev().find(|edition| edition.material).or_else(|| upto.first())
    }

    /// The rows of which one must have been agreed to.
    pub fn enough(&self) -> Vec<LegalDocumentId> {
        let Some(governing) = self.governing() else { return Vec::new() };
        let since = governing.since;
        self.editions.iter().filter(|edition| edition.since >= since).flat_map(|edition| edition.ids.clone()).collect()
    }

    /// What agreeing to this document is called in the ledgers; nothing for documents nobody agrees to.
    pub fn consents(&self) -> &'static [Consent] {
        match self.kind {
            Type::Terms => &[Consent::Terms],
            Type::PrivacyPolicy => &[Consent::PrivacyPolicy],
            Type::ConsentForm => &[Consent::MedicalDataProcessing, Consent::ProviderDataSharing],
            Type::CancellationPolicy => &[],
        }
    }

    /// Those consents this account is to renew. What may be refused is only asked of who once granted it.
    pub fn owed<'a>(&self, agreed: &'a [Agreed]) -> Vec<Consent> {
        let newest = |kind: Consent| -> Option<&'a Agreed> { agreed.iter().rev().find(|line| line.kind == kind) };
        let asked = |kind: &Consent| self.kind != Type::ConsentForm || newest(*kind).is_some_and(|line| line.granted);
        self.consents().iter().copied().filter(asked).collect()
    }

    /// Whether the account agreed to enough.
    pub fn is_met(&self, agreed: &[Agreed]) -> bool {
        let enough = self.enough();
        let has = |kind: Consent| {
            let to = |line: &Agreed| line.document.is_some_and(|id| enough.contains(&id));
            agreed.iter().any(|line| line.kind == kind && line.granted && to(line))
        };
        self.owed(agreed).into_iter().all(has)
    }

    /// The newest version the account agreed to.
    pub fn last_agreed<'a>(&'a self, agreed: &[Agreed]) -> Option<&'a Edition> {
        let has = |edition: &&Edition| {
            agreed.iter().any(|line| line.granted && line.document.is_some_and(|id| edition.ids.contains(&id)))
        };
        self.editions.iter().rev().find(has)
    }
}

/// Puts rows together into series. A scheduled version whose time has come is in force, whether or not the job that says so
/// has run; documents without a version in force are left out.
pub fn series(lines: &[Line], now: Timestamp) -> Vec<Series> {
    let mut all: Vec<(Type, Audience, Vec<Edition>)> = Vec::new();
    for line in lines {
        let Some(since) = line.effective_at else { continue };
        let begun = match line.status {
            Status::Draft => false,
            Status::Scheduled => since <= now,
            Status::Current | Status::Archived => true,
        };
        if !begun {
            continue;
        }
        let place =
            all.iter().position(|(kind, audience, _)| (*kind, *audience) == (line.document_type, line.audience));
        let place = place.unwrap_or_else(|| {
            all.push((line.document_type, line.audience, Vec::new()));
            all.len() - 1
        });
        let Some((_, _, editions)) = all.get_mut(place) else { continue };
        match editions.iter_mut().find(|edition| edition.label == line.version_label) {
            Some(edition) => edition.ids.push(line.id),
            None => editions.push(Edition {
                label: line.version_label.clone(),
                ids: vec![line.id],
                since,
                material: line.is_material,
                asks: line.requires_acceptance,
                status: line.status,
            }),
        }
    }
    all.into_iter().filter_map(|(kind, audience, editions)| sorted(kind, audience, editions)).collect()
}

fn sorted(kind: Type, audience: Audience, mut editions: Vec<Edition>) -> Option<Series> {
    editions.sort_by(|a, b| (a.since, &a.ids).cmp(&(b.since, &b.ids)));
    let with = |status: Status| editions.iter().rposition(|edition| edition.status == status);
    let current = with(Status::Scheduled).or_else(|| with(Status::Current))?;
    Some(Series { kind, audience, editions, current })
}

/// The documents an account has to agree to: of each kind the one for its own audience, else the one for all.
pub fn asked_of<'a>(all: &'a [Series], actor: &Actor) -> Vec<&'a Series> {
    let own = match actor.kind {
        ActorKind::Patient(_) => Some(Audience::Patient),
        ActorKind::Provider { .. } => Some(Audience::Provider),
        ActorKind::Affiliate(_) => Some(Audience::Affiliate),
        ActorKind::Admin(_) => None,
        ActorKind::Anonymous | ActorKind::System => return Vec::new(),
    };
    applying(all, own)
        .into_iter()
        .filter(|series| own == Some(Audience::Patient) || series.kind != Type::ConsentForm)
        .filter(|series| !series.consents().is_empty() && series.current().is_some_and(|edition| edition.asks))
        .collect()
}

/// The documents for an audience: of each kind its own, else the one for all.
pub fn applying(all: &[Series], own: Option<Audience>) -> Vec<&Series> {
    [Type::Terms, Type::PrivacyPolicy, Type::ConsentForm, Type::CancellationPolicy]
        .into_iter()
        .filter_map(|kind| {
            let of = |audience: Audience| all.iter().find(|series| series.kind == kind && series.audience == audience);
            own.and_then(of).or_else(|| of(Audience::All))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use kernel::ids::{PatientId, UserId};

    use super::*;

    fn at(day: &str) -> Timestamp {
        format!("{day}T00:00:00Z").parse().unwrap()
    }

    fn line(label: &str, material: bool, status: Status, since: &str) -> Line {
        Line {
            id: LegalDocumentId::new(),
            document_type: Type::Terms,
            audience: Audience::All,
            version_label: label.to_owned(),
            is_material: material,
            requires_acceptance: true,
            status,
            effective_at: Some(at(since)),
        }
    }

    fn agreed(to: &Line) -> Vec<Agreed> {
        let (document, version) = (Some(to.id), Some(to.version_label.clone()));
        vec![Agreed { kind: Consent::Terms, granted: true, document, version, at: at("2026-06-01") }]
    }

    fn patient() -> Actor {
        Actor::new(ActorKind::Patient(PatientId::new()), None, Default::default())
    }

    #[test]
    fn r_cm_82_golden_7_which_version_governs() {
        let mut lines =
            vec![line("1.0", true, Status::Archived, "2026-01-01"), line("2.0", true, Status::Current, "2026-05-01")];
        let now = at("2026-05-20");
        let terms = |lines: &[Line]| series(lines, now).remove(0);
        let (old, new) = (agreed(&lines[0]), agreed(&lines[1]));
        assert!(!terms(&lines).is_met(&old) && terms(&lines).is_met(&new) && !terms(&lines).is_met(&[]));
        // What changes nothing asks nobody who agreed; who still owes is asked for the newest.
        lines[1].status = Status::Archived;
        lines.push(line("2.1", false, Status::Current, "2026-05-20"));
        assert!(terms(&lines).is_met(&new) && !terms(&lines).is_met(&old) && terms(&lines).is_met(&agreed(&lines[2])));
        assert_eq!(terms(&lines).current().unwrap().label, "2.1");
        assert_eq!(terms(&lines).governing().unwrap().label, "2.0");
        // Back to the first version everybody has agreed to enough.
        lines[2].status = Status::Archived;
        lines[0].status = Status::Current;
        assert!(terms(&lines).is_met(&new) && terms(&lines).is_met(&old) && !terms(&lines).is_met(&[]));
        assert_eq!(terms(&lines).last_agreed(&new).unwrap().label, "2.0");
    }

    #[test]
    fn r_cm_82_a_first_version_counts_as_material() {
        let lines = [line("1.0", false, Status::Current, "2026-01-01")];
        let found = series(&lines, at("2026-02-01")).remove(0);
        assert!(!found.is_met(&[]) && found.is_met(&agreed(&lines[0])));
    }

    #[test]
    fn a_scheduled_version_is_in_force_when_its_time_comes() {
        let lines =
            [line("1.0", true, Status::Current, "2026-01-01"), line("2.0", true, Status::Scheduled, "2026-05-01")];
        let label = |now| series(&lines, at(now)).remove(0).current().unwrap().label.clone();
        assert_eq!((label("2026-04-30").as_str(), label("2026-05-01").as_str()), ("1.0", "2.0"));
        let draft = [line("1.0", true, Status::Draft, "2026-01-01")];
        assert!(series(&draft, at("2026-05-01")).is_empty());
    }

    #[test]
    fn r_cm_81_the_own_audience_goes_before_all() {
        let mut own = line("p1", true, Status::Current, "2026-02-01");
        own.audience = Audience::Patient;
        let lines = [line("1.0", true, Status::Current, "2026-01-01"), own];
        let all = series(&lines, at("2026-05-01"));
        let label = |actor: &Actor| asked_of(&all, actor)[0].current().unwrap().label.clone();
        assert_eq!(label(&patient()), "p1");
        assert_eq!(label(&Actor::new(ActorKind::Admin(UserId::new()), None, Default::default())), "1.0");
        assert!(asked_of(&all, &Actor::anonymous()).is_empty() && asked_of(&all, &Actor::system()).is_empty());
    }

    #[test]
    fn what_may_be_refused_is_asked_only_of_who_granted_it() {
        let mut form = line("1.0", true, Status::Current, "2026-01-01");
        form.document_type = Type::ConsentForm;
        let all = series(&[form.clone()], at("2026-05-01"));
        assert!(all[0].is_met(&[]));
        let granted = |granted, document| Agreed {
            kind: Consent::MedicalDataProcessing,
            granted,
            document,
            version: None,
            at: at("2026-01-01"),
        };
        assert!(!all[0].is_met(&[granted(true, None)]));
        assert!(all[0].is_met(&[granted(true, None), granted(false, None)]), "withdrawn: nothing is owed");
        assert!(all[0].is_met(&[granted(true, None), granted(true, Some(form.id))]));
        let staff = Actor::new(ActorKind::Admin(UserId::new()), None, Default::default());
        assert!(asked_of(&all, &staff).is_empty() && asked_of(&all, &patient()).len() == 1);
    }

    #[test]
    fn nobody_agrees_to_the_cancellation_policy() {
        let mut policy = line("1.0", true, Status::Current, "2026-01-01");
        policy.document_type = Type::CancellationPolicy;
        assert!(asked_of(&series(&[policy], at("2026-05-01")), &patient()).is_empty());
    }
}
