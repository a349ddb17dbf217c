//! Which stories are told, and how many of each.

/// Where a story ends: every step of a case, and every way out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// Saved, not sent.
    Draft,
    /// Sent, no answer yet.
    Fresh,
    /// Offers to choose from.
    Waiting,
    /// Accepted, not paid.
    Accepted,
    /// Deposit paid.
    Confirmed,
    /// All paid, the treatment is ahead.
    Paid,
    /// At the clinic today.
    CheckedIn,
    /// Recovering, everything done in time.
    Recovering,
    /// Recovering, tasks are late.
    Overdue,
    /// Recovering, with an alarm nobody has taken.
    Urgent,
    /// Treated some months ago, reviewed.
    Reviewed,
    /// Reviewed, waits for a moderator.
    ReviewPending,
    /// The plan is over, and reviewed.
    Completed,
    /// The patient took the request back.
    Cancelled,
    /// The patient said no to all offers.
    Declined,
    /// The offers ran out.
    OffersExpired,
    /// Nobody answered in time.
    Unanswered,
    /// Accepted and not paid in time.
    HoldLapsed,
}

impl Ending {
    /// All of them, with how many the usual demonstration has, from a case's beginning to its end.
    pub const ALL: [(Self, usize); 18] = [
        (Self::Draft, 4),
        (Self::Fresh, 8),
        (Self::Waiting, 9),
        (Self::Accepted, 4),
        (Self::Confirmed, 6),
        (Self::Paid, 4),
        (Self::CheckedIn, 2),
        (Self::Recovering, 4),
        (Self::Overdue, 3),
        (Self::Urgent, 2),
        (Self::Reviewed, 18),
        (Self::ReviewPending, 3),
        (Self::Cancelled, 5),
        (Self::Declined, 5),
        (Self::OffersExpired, 6),
        (Self::Unanswered, 4),
        (Self::HoldLapsed, 3),
        (Self::Completed, 2),
    ];

    /// How a list of logins calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Fresh => "request sent",
            Self::Waiting => "offers to compare",
            Self::Accepted => "accepted, not paid",
            Self::Confirmed => "deposit paid",
            Self::Paid => "all paid",
            Self::CheckedIn => "checked in today",
            Self::Recovering => "aftercare",
            Self::Overdue => "aftercare, tasks late",
            Self::Urgent => "aftercare, alarm",
            Self::Reviewed => "treated, reviewed",
            Self::ReviewPending => "review in moderation",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Declined => "offers declined",
            Self::OffersExpired => "offers expired",
            Self::Unanswered => "never answered",
            Self::HoldLapsed => "hold lapsed",
        }
    }
}

/// How much is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// One story of each kind: for tests.
    Sample,
    /// Lists with some pages.
    Usual,
    /// About the amounts the specification names; takes minutes.
    Full,
}

/// One story to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plot {
    /// Whose: the number of the patient.
    pub number: usize,
    /// How often the kind was told before.
    pub repeat: usize,
    /// Where it ends.
    pub ending: Ending,
}

/// The stories of a scale. One of each kind comes first, so that every stage can be seen early.
///
/// Numbers belong to kind and repeat, so that a larger scale later adds people and moves nobody.
pub fn plots(scale: Scale) -> Vec<Plot> {
    let kinds = Ending::ALL.len();
    let count = |usual: usize| match scale {
        Scale::Sample => 1,
        Scale::Usual => usual,
        Scale::Full => usual * 5 / 2,
    };
    let rounds = Ending::ALL.iter().map(|(_, usual)| count(*usual)).max().unwrap_or(0);
    let mut told = Vec::new();
    for repeat in 0..rounds {
        for (kind, (ending, usual)) in Ending::ALL.iter().enumerate() {
            if repeat < count(*usual) {
                // 19 and 18 are coprime: neighbours of one kind come from different countries.
                told.push(Plot { number: repeat * (kinds + 1) + kind, repeat, ending: *ending });
            }
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_story_has_its_own_person_and_a_larger_scale_only_adds() {
        let full = plots(Scale::Full);
        for scale in [Scale::Sample, Scale::Usual, Scale::Full] {
            let told = plots(scale);
            let people: HashSet<_> = told.iter().map(|plot| plot.number).collect();
            assert_eq!(people.len(), told.len());
            assert!(told.iter().all(|plot| full.contains(plot)));
            let endings: HashSet<_> = told.iter().take(Ending::ALL.len()).map(|plot| plot.ending).collect();
            assert_eq!(endings.len(), Ending::ALL.len());
        }
        assert!(plots(Scale::Usual).len() >= 90 && full.len() >= 220);
    }
}
