//! Dates and times as people in Korea read them: always Korean time, whatever the device is set to.

use verifier_core::Seconds;

const KOREA_AHEAD_OF_UTC: Seconds = 9 * 3600;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A point in time, split as a calendar and a clock in Korea show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    year: u64,
    month: u64,
    day: u64,
    hour: u64,
    minute: u64,
    second: u64,
}

impl DateTime {
    /// The time that many seconds after 1970-01-01T00:00:00Z. Gregorian, counted from 1 March of year 0 so that leap days come last.
    pub fn of(seconds: Seconds) -> Self {
        let local = seconds.saturating_add(KOREA_AHEAD_OF_UTC);
        let days = (local / 86_400).saturating_add(719_468);
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: (era * 400).saturating_add(year_of_era) + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: local / 3600 % 24,
            minute: local / 60 % 60,
            second: local % 60,
        }
    }

    /// As in `18:00:07`.
    pub fn clock(&self) -> String {
        let Self {
            hour,
            minute,
            second,
            ..
        } = self;
        format!("{hour:02}:{minute:02}:{second:02}")
    }

    /// As in `2026년 6월 3일 18:00`.
    pub fn korean(&self) -> String {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            ..
        } = self;
        format!("{year}년 {month}월 {day}일 {hour:02}:{minute:02}")
    }

    /// As in `3 June 2026, 18:00 KST`.
    pub fn english(&self) -> String {
        let Self {
            year,
            month,
            day,
            hour,
            minute,
            ..
        } = self;
        let month = usize::try_from(month.saturating_sub(1))
            .ok()
            .and_then(|m| MONTHS.get(m))
            .unwrap_or(&"");
        format!("{day} {month} {year}, {hour:02}:{minute:02} KST")
    }
}

impl From<DateTime> for super::Both {
    fn from(time: DateTime) -> Self {
        Self::new(time.korean(), time.english())
    }
}

#[cfg(test)]
mod tests {
    use super::DateTime;

    #[test]
    fn tells_korean_time_across_days_years_and_leap_days() {
        assert_eq!(DateTime::of(0).korean(), "1970년 1월 1일 09:00");
        assert_eq!(
            DateTime::of(1_780_477_200).english(),
            "3 June 2026, 18:00 KST"
        );
        assert_eq!(
            DateTime::of(1_709_132_400).korean(),
            "2024년 2월 29일 00:00"
        );
        assert_eq!(DateTime::of(1_735_657_200).korean(), "2025년 1월 1일 00:00");
    }
}
