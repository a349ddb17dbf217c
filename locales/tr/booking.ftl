# What was booked, calendar.
