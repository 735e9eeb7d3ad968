//! Who of those who come fills which need: each person one.

use std::collections::BTreeSet;

use watchfire_protocol::vocabulary::Need;

/// How many fill each need, where each person fills one of those that they fit: as many needs as can be. Whoever is left
/// over stands with the first that they fit.
pub(super) fn met(needs: &[Need], fits: &[Vec<usize>]) -> Vec<u16> {
    let mut filled = Filled { needs, fits, by: vec![Vec::new(); needs.len()] };
    let left: Vec<usize> = (0..fits.len()).filter(|person| !filled.place(*person, &mut BTreeSet::new())).collect();
    for person in left {
        let first = fits.get(person).and_then(|fits| fits.first());
        filled.by.iter_mut().enumerate().filter(|(need, _)| Some(need) == first).for_each(|(_, by)| by.push(person));
    }
    filled.by.iter().map(|by| u16::try_from(by.len()).unwrap_or(u16::MAX)).collect()
}

struct Filled<'a> {
    needs: &'a [Need],
    /// Of each person, the needs that they fit.
    fits: &'a [Vec<usize>],
    /// Of each need, who fills it.
    by: Vec<Vec<usize>>,
}

impl Filled<'_> {
    /// Finds a need for one more person, and others for those who make room. Each need is tried once.
    fn place(&mut self, person: usize, tried: &mut BTreeSet<usize>) -> bool {
        for &need in self.fits.get(person).into_iter().flatten() {
            if !tried.insert(need) {
                continue;
            }
            let Some((wanted, by)) = self.needs.get(need).zip(self.by.get(need).cloned()) else { continue };
            let moved = match by.len() < usize::from(wanted.count) {
                true => None,
                false => match by.into_iter().find(|other| self.place(*other, tried)) {
                    None => continue,
                    moved => moved,
                },
            };
            if let Some(by) = self.by.get_mut(need) {
                by.retain(|other| Some(*other) != moved);
                by.push(person);
            }
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use watchfire_protocol::vocabulary::Code;

    use super::*;

    fn needs(counts: &[u16]) -> Vec<Need> {
        let need = |count: &u16| Need { role: Code::constant("observer"), language: None, count: *count };
        counts.iter().map(need).collect()
    }

    #[test]
    fn one_person_fills_one_need_and_makes_room_for_who_fits_no_other() {
        assert_eq!(met(&needs(&[1, 1]), &[vec![0, 1]]), [1, 0]);
        assert_eq!(met(&needs(&[1, 1]), &[vec![0, 1], vec![0]]), [1, 1]);
        // The first two go on to the next, one after the other.
        assert_eq!(met(&needs(&[1, 1, 1]), &[vec![0, 1], vec![1, 2], vec![0]]), [1, 1, 1]);
        assert_eq!(met(&needs(&[2, 1]), &[vec![0, 1], vec![0], vec![0]]), [2, 1]);
    }

    #[test]
    fn more_than_are_needed_are_counted_too_and_who_fits_nothing_nowhere() {
        assert_eq!(met(&needs(&[1]), &[vec![0], vec![0], vec![]]), [2]);
        assert_eq!(met(&needs(&[0, 1]), &[vec![0, 1], vec![0, 1]]), [1, 1]);
        assert!(met(&[], &[vec![], vec![]]).is_empty());
    }
}
