# Quotes, comparison, acceptance, slots.
