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
    /// All of them, with how many a small demonstration and the usual one have, from a case's beginning to its end.
    pub const ALL: [(Self, usize, usize); 18] = [
        (Self::Draft, 4, 8),
        (Self::Fresh, 8, 20),
        (Self::Waiting, 9, 24),
        (Self::Accepted, 4, 8),
        (Self::Confirmed, 8, 13),
        (Self::Paid, 4, 8),
        (Self::CheckedIn, 2, 2),
        (Self::Recovering, 4, 6),
        (Self::Overdue, 3, 4),
        (Self::Urgent, 2, 2),
        (Self::Reviewed, 18, 60),
        (Self::ReviewPending, 3, 5),
        (Self::Cancelled, 5, 18),
        (Self::Declined, 5, 18),
        (Self::OffersExpired, 6, 20),
        (Self::Unanswered, 4, 11),
        (Self::HoldLapsed, 3, 8),
        (Self::Completed, 2, 5),
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
    Small,
    /// The amounts the specification names (R-MG-96).
    Usual,
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
/// Numbers are those of the usual scale in every scale: a larger one only adds people.
pub fn plots(scale: Scale) -> Vec<Plot> {
    let rounds = Ending::ALL.iter().map(|(_, _, usual)| *usual).max().unwrap_or(0);
    let told = (0..rounds).flat_map(|repeat| Ending::ALL.iter().map(move |kind| (repeat, kind)));
    told.filter(|(repeat, (_, _, usual))| repeat < usual)
        .enumerate()
        .filter(|(_, (repeat, (_, small, _)))| match scale {
            Scale::Sample => *repeat == 0,
            Scale::Small => repeat < small,
            Scale::Usual => true,
        })
        .map(|(number, (repeat, (ending, _, _)))| Plot { number, repeat, ending: *ending })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_story_has_its_own_person_and_a_larger_scale_only_adds() {
        let all = plots(Scale::Usual);
        for scale in [Scale::Sample, Scale::Small, Scale::Usual] {
            let told = plots(scale);
            let people: HashSet<_> = told.iter().map(|plot| plot.number).collect();
            assert_eq!(people.len(), told.len());
            assert!(told.iter().all(|plot| all.contains(plot)));
            let endings: HashSet<_> = told.iter().take(Ending::ALL.len()).map(|plot| plot.ending).collect();
            assert_eq!(endings.len(), Ending::ALL.len());
        }
        assert!(plots(Scale::Small).len() >= 90 && all.len() == 240);
    }
}
