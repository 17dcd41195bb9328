//! Sample roll slips: of people to whom a right was issued, and of people on the roll to whom none was.

use super::offices::Offices;
use super::people::roll_entry;

use verifier_core::RollSlip;

impl Offices {
    /// For so many municipalities two slips each, as text, with whether a right was issued for it.
    pub fn roll_slips(&self, municipalities: usize) -> Vec<(bool, String)> {
        let electorates = self.electorates.iter().take(municipalities);
        electorates
            .flat_map(|electorate| {
                let (first, last) = (0, electorate.roll.saturating_sub(1));
                [(true, first), (false, last)]
                    .into_iter()
                    .filter(|(issued, person)| *issued == (*person < electorate.issued))
                    .map(|(issued, person)| (issued, self.roll_slip(electorate.index, person)))
            })
            .collect()
    }

    fn roll_slip(&self, municipality: u16, person: u32) -> String {
        let (salt, entry) = roll_entry(self.seed, municipality, person);
        let (genesis, contract) = (self.genesis, self.contract.id());
        RollSlip::new(genesis, contract, municipality, salt, entry).to_text()
    }
}
