//! MP4: reads the length from the movie header and removes the notes cameras leave.
//!
//! An MP4 file is a list of boxes: four bytes length, four bytes name, content; some boxes hold boxes.

use bytes::Bytes;
use kernel::{AppError, AppResult};

use super::limits::Limits;
use super::sniff::{Checked, Kind, unreadable};

/// Checks the length and returns the video without its notes (R-IQ-06).
pub(super) fn check(bytes: &[u8], limits: &Limits) -> AppResult<Checked> {
    let seconds = duration(bytes).ok_or_else(unreadable)?;
    if let Some(max) = limits.max_seconds.filter(|max| seconds > f64::from(*max)) {
        return Err(AppError::invalid("media_too_long", format!("At most {max} seconds.")).with("max_seconds", max));
    }
    let mut clean = bytes.to_vec();
    strip_notes(&mut clean).ok_or_else(unreadable)?;
    Ok(Checked {
        duration_seconds: Some(seconds.ceil().min(f64::from(i32::MAX)) as i32),
        ..Checked::plain(Kind::Mp4, Bytes::from(clean))
    })
}

/// A box within a range of the file: where it starts, where its content starts, where it ends.
#[derive(Clone, Copy)]
struct Atom {
    name: [u8; 4],
    content: usize,
    end: usize,
}

/// The boxes of a range; `None` as soon as one does not fit.
fn atoms(bytes: &[u8], mut from: usize, to: usize) -> Option<Vec<Atom>> {
    let mut found = Vec::new();
    while from < to {
        let size = u32_at(bytes, from)?;
        let name: [u8; 4] = bytes.get(from + 4..from + 8)?.try_into().ok()?;
        let (header, size) = match size {
            0 => (8, to - from),
            1 => (16, usize::try_from(u64_at(bytes, from + 8)?).ok()?),
            size => (8, size as usize),
        };
        let end = from.checked_add(size).filter(|end| *end <= to)?;
        if size < header {
            return None;
        }
        found.push(Atom { name, content: from + header, end });
        from = end;
    }
    Some(found)
}

fn child(bytes: &[u8], parent: Atom, name: &[u8; 4]) -> Option<Atom> {
    atoms(bytes, parent.content, parent.end)?.into_iter().find(|atom| &atom.name == name)
}

/// Length in seconds, from the movie header or, for fragmented files, from the fragments' header.
fn duration(bytes: &[u8]) -> Option<f64> {
    let movie = atoms(bytes, 0, bytes.len())?.into_iter().find(|atom| &atom.name == b"moov")?;
    let header = child(bytes, movie, b"mvhd")?.content;
    let long = *bytes.get(header)? == 1;
    let (scale, mut ticks) = if long {
        (u32_at(bytes, header + 20)?, u64_at(bytes, header + 24)?)
    } else {
        (u32_at(bytes, header + 12)?, u64::from(u32_at(bytes, header + 16)?))
    };
    if ticks == 0 {
        let fragments = child(bytes, child(bytes, movie, b"mvex")?, b"mehd")?.content;
        let long = *bytes.get(fragments)? == 1;
        ticks = if long { u64_at(bytes, fragments + 4)? } else { u64::from(u32_at(bytes, fragments + 4)?) };
    }
    // All ones means "unknown": as good as no length.
    let unknown = ticks == u64::MAX || (!long && ticks == u64::from(u32::MAX));
    (scale > 0 && ticks > 0 && !unknown).then(|| ticks as f64 / f64::from(scale))
}

/// Overwrites boxes that carry notes (place, device, author) with empty space of the same length, so that every
/// offset in the file stays right. Tracks that are neither picture nor sound go the same way: phones write the
/// position of every second into one.
fn strip_notes(bytes: &mut [u8]) -> Option<()> {
    let mut notes = Vec::new();
    for atom in atoms(bytes, 0, bytes.len())? {
        match &atom.name {
            b"moov" => collect_notes(bytes, atom, &mut notes)?,
            b"uuid" | b"udta" | b"meta" => notes.push(atom),
            _ => {}
        }
    }
    for note in notes {
        let name = note.content.checked_sub(4)?;
        // A box with a long length keeps its name before that length.
        let name = if bytes.get(name..note.content)? == note.name { name } else { name.checked_sub(8)? };
        bytes.get_mut(name..name + 4)?.copy_from_slice(b"free");
        bytes.get_mut(note.content..note.end)?.fill(0);
    }
    Some(())
}

fn collect_notes(bytes: &[u8], parent: Atom, notes: &mut Vec<Atom>) -> Option<()> {
    for atom in atoms(bytes, parent.content, parent.end)? {
        match &atom.name {
            b"uuid" | b"udta" | b"meta" => notes.push(atom),
            b"trak" if !is_picture_or_sound(bytes, atom) => notes.push(atom),
            b"trak" => collect_notes(bytes, atom, notes)?,
            _ => {}
        }
    }
    Some(())
}

fn is_picture_or_sound(bytes: &[u8], track: Atom) -> bool {
    let handler = child(bytes, track, b"mdia").and_then(|media| child(bytes, media, b"hdlr"));
    let kind = handler.and_then(|handler| bytes.get(handler.content + 8..handler.content + 12));
    matches!(kind, Some(b"vide" | b"soun"))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::limits::Purpose;
    use super::*;

    fn atom(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut out = u32::try_from(content.len() + 8).unwrap().to_be_bytes().to_vec();
        out.extend_from_slice(name);
        out.extend_from_slice(content);
        out
    }

    fn track(kind: &[u8; 4]) -> Vec<u8> {
        let handler = atom(b"hdlr", &[&[0; 8], kind.as_slice(), &[0; 12]].concat());
        let media = atom(b"mdia", &handler);
        atom(b"trak", &[media, atom(b"udta", b"by track PLACE")].concat())
    }

    /// A film of so many milliseconds with a place in every corner a phone would put one.
    fn film(milliseconds: u32) -> Vec<u8> {
        let mut header = vec![0; 12];
        header.extend_from_slice(&1000u32.to_be_bytes());
        header.extend_from_slice(&milliseconds.to_be_bytes());
        header.resize(100, 0);
        let movie = [
            atom(b"mvhd", &header),
            track(b"vide"),
            track(b"soun"),
            track(b"meta"),
            atom(b"udta", b"\xa9xyz PLACE"),
            atom(b"meta", b"PLACE"),
        ]
        .concat();
        [
            atom(b"ftyp", b"isom\0\0\0\0isomiso2mp41"),
            atom(b"moov", &movie),
            atom(b"uuid", b"PLACE"),
            atom(b"mdat", b".."),
        ]
        .concat()
    }

    fn of(bytes: &[u8]) -> Result<Checked, String> {
        check(bytes, &Purpose::EvidenceVideo.limits()).map_err(|error| error.code.into_owned())
    }

    #[test]
    fn thirty_seconds_pass_and_a_moment_more_does_not() {
        assert_eq!(of(&film(30_000)).unwrap().duration_seconds, Some(30));
        assert_eq!(of(&film(29_001)).unwrap().duration_seconds, Some(30));
        assert_eq!(of(&film(30_001)).unwrap_err(), "media_too_long");
        assert_eq!(of(&film(31_000)).unwrap_err(), "media_too_long");
        assert_eq!(of(&film(u32::MAX)).unwrap_err(), "media_unreadable");
    }

    #[test]
    fn places_are_erased_and_nothing_moves() {
        let upload = film(5_000);
        let clean = of(&upload).unwrap().bytes;
        assert_eq!(clean.len(), upload.len());
        assert!(!clean.windows(5).any(|w| w == b"PLACE"));
        assert!(clean.windows(4).any(|w| w == b"vide") && clean.windows(4).any(|w| w == b"soun"));
        assert!(clean.ends_with(b"mdat.."));
        assert_eq!(of(&clean).unwrap().duration_seconds, Some(5), "still a film");
    }

    #[test]
    fn damaged_films_are_unreadable() {
        let whole = film(5_000);
        assert_eq!(of(&whole[..whole.len() - 1]).unwrap_err(), "media_unreadable");
        assert_eq!(of(&atom(b"ftyp", b"isom\0\0\0\0")).unwrap_err(), "media_unreadable");
        assert_eq!(of(b"").unwrap_err(), "media_unreadable");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fall(at in 0usize..400, value: u8) {
            let mut bytes = film(5_000);
            let at = at % bytes.len();
            bytes[at] = value;
            let _ = of(&bytes);
        }
    }
}
