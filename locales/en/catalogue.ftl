## Refusals of the catalogue.

error-treatment_not_offered = Your clinic does not offer this treatment.
error-package_not_available = One of the packages is not available.
error-questionnaire_unavailable = The medical questionnaire is not available at the moment.
error-invalid_currency = This is not a currency we trade in.
error-invalid_amount = Enter an amount such as 1250.00.

## The standard medical questionnaire; sets that staff write keep their own words.

question-cardiovascular = Do you have or have you had heart or cardiovascular disease?
question-diabetes = Do you have diabetes?
question-hepatitis = Have you been diagnosed with hepatitis B or C?
question-hiv = Have you been diagnosed with HIV or AIDS?
question-bleeding = Do you have a bleeding disorder?
question-blood-clots = Have you had blood clots or deep vein thrombosis?
question-medicine-allergy = Are you allergic to any medicine or anaesthetic?
question-other-allergy = Do you have any other allergy, such as food or latex?
question-respiratory = Do you have asthma or another respiratory disease?
question-hypertension = Do you have high blood pressure?
question-implanted-device = Do you have a pacemaker or another implanted device?
question-arthritis = Do you have arthritis or a disease of the joints?
question-neurological = Do you have a neurological condition, such as epilepsy?
question-kidney = Do you have a kidney disease?
question-cancer = Have you ever been treated for cancer?
question-digestive = Do you have a disease of the stomach, liver or bowel?
question-mental-health = Have you been treated for a mental health condition?
question-surgery = Have you had any surgery before?
question-pregnancy = Are you pregnant or breastfeeding?
question-medication = Do you take any medication regularly?
question-other = Is there any other condition a surgeon should know of?
question-details = Please give the details a surgeon should know.

## Keeping the catalogue
nav-catalogue = Catalogue
nav-offer = What we offer
nav-prices = Prices
nav-packages = Packages
action-remove = Remove
cat-reason = Why?
cat-reason-hint = 10 to 500 characters. It stays in the history.
cat-all-states = All states
cat-all-contexts = Used anywhere
cat-all-countries = All countries
cat-all-currencies = All currencies

cat-prices-lead = What you charge for each treatment. Only what you offer can be put into a quote.
cat-price-offered = Offered
cat-price-not-offered = Not offered
cat-price-unset = No price yet
cat-price-ended = Ended
cat-price-per-graft-short = { $amount } per graft
cat-price-grafts = { $range } grafts
cat-price-base = Base price
cat-price-base-hint = The part that is always charged.
cat-price-currency = Currency
cat-price-currency-hint = Your quotes are written in it.
cat-price-per-graft = Price per graft
cat-price-per-graft-hint = Leave it empty for a fixed price.
cat-price-min = Fewest grafts
cat-price-max = Most grafts
cat-price-offer = We offer this treatment
cat-price-offer-hint = Switched off, the numbers stay for later.
cat-price-ended-title = This treatment has ended
cat-price-ended-text = It can no longer be offered. Quotes you sent stay as they are.
cat-price-about = What patients read
cat-price-about-note = Hairline writes this text for all clinics. Your quotes keep the words of the day they were sent.
done-cat-price-saved = The price is saved.

cat-packages-lead = Extras you sell with a treatment: nights at a hotel, transfers, medicine.
cat-packages-none = No packages yet
cat-packages-none-text = Add the first one: patients like to see what is taken care of.
cat-package-new = New package
cat-package-lead = Quotes that were sent keep the package as it was.
cat-package-active = Active
cat-package-inactive = Off
cat-package-used = { $count ->
    [0] not used yet
    [one] in one quote
   *[other] in { $count } quotes
}
cat-package-name = Name
cat-package-kind = Kind
cat-package-duration = Duration
cat-package-duration-example = 2 nights
cat-package-price = Price
cat-package-text = Description
cat-package-terms = Conditions
cat-items = What is in it
cat-items-hint = A price here only informs, it is never added. Empty lines are left out; saving gives you three more.
cat-item-name = What
cat-item-value = How much
cat-item-price = Worth
cat-pictures = Pictures
cat-pictures-none = No picture yet.
cat-picture-add = Add a picture
cat-picture-send = Upload
cat-package-picture-hint = JPEG or PNG, at most 2 MB. Three pictures at most.
cat-package-more = More
cat-package-switch-off = Switch off
cat-package-switch-on = Switch on
cat-package-switch-note = A package that is off cannot be put into new quotes.
cat-package-clone = Make a copy
cat-kind-hotel = Hotel
cat-kind-transport = Transport
cat-kind-flight = Flight
cat-kind-medication = Medication
cat-kind-prp-therapy = PRP therapy
cat-kind-consultation = Consultation
cat-kind-custom = Something else
done-cat-package-saved = The package is saved.
done-cat-package-cloned = Here is the copy. It is off until you switch it on.
done-cat-package-switched = Done.
done-cat-picture-added = The picture is there.
done-cat-picture-removed = The picture is gone.

cat-treatments-lead = What can be treated, asked and chosen on Hairline.
cat-treatments-none = No treatments yet
cat-treatments-none-text = Once there is one, clinics can price it.
cat-treatment-new = New treatment
cat-treatment-lead = Clinics choose from the catalogue; only staff write it.
cat-treatment-active = Active
cat-treatment-inactive = Ended
cat-offered-by = { $count ->
    [0] offered by no clinic
    [one] offered by one clinic
   *[other] offered by { $count } clinics
}
cat-treatment-name = Name
cat-treatment-technique = Technique
cat-treatment-text = Description
cat-treatment-text-hint = Patients read it. Plain words, no promises.
cat-treatment-hours = Hours
cat-treatment-hours-hint = 0.5 to 12; the usual length of an appointment.
cat-treatment-recovery = Recovery
cat-treatment-recovery-example = 10 days
cat-treatment-technical = How it is done
cat-treatment-technical-hint = For clinics and staff.
cat-treatment-picture = Picture
cat-treatment-picture-hint = JPEG or PNG, at most 5 MB.
cat-treatment-life = Offering it
cat-reach-clinics = { $count ->
    [0] No clinic offers it.
    [one] One clinic offers it.
   *[other] { $count } clinics offer it.
}
cat-reach-quotes = { $count ->
    [0] No quote with it waits for an answer.
    [one] One quote with it waits for an answer.
   *[other] { $count } quotes with it wait for an answer.
}
cat-treatment-end = End this treatment
cat-treatment-end-text = Clinics can no longer quote it. Quotes that were sent stay as they are.
cat-treatment-reopen = Offer it again
cat-includes = Always included
cat-includes-text = What is part of it with every clinic, at no extra cost.
cat-include-name = What
cat-include-text = In a sentence
cat-include-add = Add
cat-include-remove = Remove { $name }
cat-media = Pictures and files
cat-thumbnail-of = Picture of { $name }
cat-media-place = What is it?
cat-place-thumbnail = Main picture (replaces it)
cat-place-image = One more picture
cat-place-video = Video (replaces it)
cat-place-document = Document
cat-media-file = File
cat-media-hint = Pictures 5 MB, five beside the main one; video MP4, 50 MB; documents PDF, 10 MB, three at most.
cat-media-send = Upload
cat-video-remove = Remove the video
done-cat-treatment-saved = The treatment is saved. Clinics that offer it are told.
done-cat-treatment-switched = Done. Clinics that offer it are told.
done-cat-includes-saved = The list is saved.
done-cat-media-saved = Saved.

cat-questionnaires = Questionnaires
cat-sets-lead = What patients are asked. A published version never changes; the next one takes its place.
cat-set-new = New questionnaire
cat-unconfigured-title = Patients cannot send requests
cat-unconfigured-text = No questionnaire is in use for them. Publish one and put it into use.
cat-context-inquiry = With a request
cat-context-aftercare = In aftercare
cat-context-multi = Both
cat-set-draft = Draft
cat-set-active = Published
cat-set-archived = Archived
cat-set-asked = In use
cat-questions = { $count ->
    [one] one question
   *[other] { $count } questions
}
cat-version = Version { $number }
cat-versions = Versions
cat-preview = What is asked
cat-severity-critical = Red alert
cat-severity-standard = Yellow alert
cat-severity-none = No alert
cat-topic-conditions = Conditions
cat-topic-allergies = Allergies
cat-topic-medications = Medication
cat-topic-surgeries = Surgery
cat-question-off = Not asked
cat-set-work = Work on it
cat-set-edit = Edit the draft
cat-set-next = Prepare the next version
cat-set-edit-text = Saved as a draft until it is published.
cat-set-next-text = The published version stays. Saving makes a draft of the next one.
cat-set-publish = Publish
cat-set-for-inquiries = Use it for requests at once
cat-set-for-inquiries-hint = Patients who are filling in the old version answer anew.
cat-set-activate = Use it for requests
cat-set-duplicate = Copy as another questionnaire
cat-set-archive = Archive
cat-set-archive-text = It can no longer be asked. Answers stay.
cat-set-archive-asked = It is in use. Without it, patients cannot send requests until another one is in use.
cat-set-delete = Delete this draft
cat-set-delete-text = It was never published, so no answers are lost. It cannot be brought back.
cat-set-needs-category = Give it a category before you publish it.
cat-set-name = Name
cat-set-used = Where it is used
cat-set-category = Category
cat-set-description = Description
cat-changes = Against the version before
cat-change-added = New
cat-change-removed = Gone
cat-change-changed = Changed
cat-question-new = New question
cat-question-add = One more question
cat-question-text = Question
cat-question-label = Short name
cat-question-label-hint = For alerts.
cat-question-severity = After a yes
cat-question-prompt = Ask for details with
cat-question-topic = Details belong to
cat-question-help = Help
cat-question-place = Place
cat-question-active = It is asked
done-cat-set-saved = The draft is saved.
done-cat-set-published = Published.
done-cat-set-activated = Patients are asked this from now on.
done-cat-set-archived = Archived.
done-cat-set-deleted = Deleted.
done-cat-set-duplicated = Here is the copy, as a draft.

cat-regions = Regions
cat-regions-lead = Which destinations the patients of a country see first. Everything else follows by distance.
cat-regions-none = No regions yet
cat-regions-none-text = Without one, destinations are ordered by distance.
cat-region-new = New region
cat-region-lead = An order never keeps anybody from choosing.
cat-region-active = Active
cat-region-inactive = Archived
cat-region-name = Name
cat-region-description = Description
cat-region-shown = Shown first
cat-region-shown-hint = 5 to 20; the rest stands behind "more".
cat-region-destinations = Destinations in order
cat-region-destinations-hint = Empty ones are left out. Saving gives you three more.
cat-region-place = { $number }. place
cat-region-no-destination = None
cat-region-audience = Whose patients see it
cat-region-audience-label = Countries
cat-region-audience-hint = Countries of other regions are not in the list.
cat-region-idle = No clinic accepts patients here at present
cat-region-confirm-many = Yes, one more than fifty regions
cat-region-life = Archive
cat-region-life-text = Patients of an archived region see destinations by distance.
cat-region-archive = Archive this region
cat-region-reopen = Open it again
cat-region-preview = See it as a patient
cat-region-preview-text = What patients of one or two countries are shown today.
cat-region-preview-country = Patients from
cat-region-preview-against = Beside patients from
cat-region-preview-show = Show
cat-anywhere = No known country
cat-no-destinations = No clinic accepts patients at present.
cat-clinics = { $count ->
    [one] one clinic
   *[other] { $count } clinics
}
cat-price-on-request = on request
cat-price-approximate = about { $price }
done-cat-region-saved = The region is saved.

cat-starting-prices = Starting prices
cat-starting-prices-lead = The "from" prices beside destinations. They are shown, never charged.
cat-starting-prices-none = No prices
cat-starting-prices-none-text = Destinations say "on request" until there is one.
cat-starting-price-new = New price
cat-starting-price-country = Country
cat-starting-price-amount = From
cat-starting-price-from = First day
cat-starting-price-from-hint = Today when left empty. What stood ends the day before.
cat-starting-price-to = Last day
cat-fallback = Stand-in
cat-fallback-label = Stand-in for other currencies
cat-fallback-hint = Converted where the reader's currency has no price.
cat-since-ever = since ever
cat-until-further = until further notice
cat-price-days-now = Shown
cat-price-days-later = Planned
cat-price-days-ended = Ended
cat-ended-filter = Prices that ended
cat-ended-hidden = Without those that ended
cat-ended-shown = With those that ended
cat-bulk = Change all of a country
cat-bulk-lead = By a percentage or an amount, all at once. Look first, then save.
cat-bulk-percent = Percent
cat-bulk-percent-hint = -50 to 100
cat-bulk-amount = Or an amount
cat-bulk-amount-hint = Up or down, in each price's own currency.
cat-bulk-round = Round to
cat-bulk-no-rounding = No rounding
cat-bulk-from-hint = Tomorrow when left empty.
cat-bulk-look = Look first
cat-bulk-save = Save all of it
cat-bulk-result = Before and after
cat-bulk-none = Nothing to see yet
cat-bulk-none-text = Choose a country and a change.
cat-bulk-wrong = Not above zero
cat-import = Import
cat-import-lead = Many prices from a file. A trial first tells what is wrong; all are saved or none.
cat-import-file = File
cat-import-file-hint = CSV with country_code, price, currency, is_fallback, effective_from, effective_to in the first line.
cat-import-save = Save it when nothing is wrong
cat-import-save-hint = Otherwise it is only tried.
cat-import-send = Read the file
cat-import-result = What is in it
cat-import-none = No file was read yet.
cat-import-fine = { $count ->
    [one] One price, nothing wrong
   *[other] { $count } prices, nothing wrong
}
cat-import-fine-text = Tick the box and send the file again to save them.
cat-import-faults = Nothing was saved
cat-import-line = Line
done-cat-starting-price-saved = The prices are saved.

cat-lists = Lists
cat-lists-lead = What people choose from in forms.
cat-list-lead = Entries are switched off, never deleted: what was chosen keeps its words.
cat-list-discovery-options = How did you find out about us?
cat-list-inquiry-cancellation-reasons = Why a request is cancelled
cat-list-account-deletion-reasons = Why an account is deleted
cat-list-add = Add an entry
cat-list-label = Text
cat-list-explain = Who chooses it has to explain
cat-list-explains = With explanation
cat-list-inactive = Off
cat-list-rename = Save
cat-list-on = Switch on
cat-list-off = Switch off
cat-list-fixed = This entry always stays.
cat-list-up = Move { $name } up
cat-list-down = Move { $name } down
done-cat-list-saved = The list is saved.
error-name_taken = This name is taken. Choose another one.
error-unknown_value = This is none of the known values.
error-country_in_other_region = One of these countries belongs to another region already.
error-many_regions = There are 50 regions already. Confirm that one more is wanted.
error-starting_price_overlap = A price of this place begins on that day or later.
error-place_unknown = There is no such place.
error-starting_prices_missing = This country has no prices to change.
error-csv_head = The first line must read country_code,price,currency,is_fallback,effective_from,effective_to.
error-too_many_prices = At most 2000 prices at once.
error-label_taken = The list has this entry already.
error-too_many_items = That is more than fits.
error-list_entry_fixed = This entry always stays.
error-list_needs_two = At least two entries stay switched on.
error-question_twice = This question is in the set already.
error-question_kind = This questionnaire asks for yes or no only.
error-no_active_question = At least one question must be asked.
error-context_fixed = Where it is used cannot change after it was published.
error-draft_exists = There is a draft of the next version already. Go on with that one.
error-set_not_draft = Only a draft can be published.
error-set_not_active = Only a published questionnaire for requests can be used for them.
error-set_in_use = It was published, so answers may belong to it. Archive it instead.
error-length_out_of_range = This is too short or too long.

## Places

error-location_in_use = Patients, clinics, prices or lists refer to this place. It stays.
error-map_invalid = Give latitude,longitude or the https address of a known map.
cat-locations = Places
cat-locations-lead = Cities and addresses that prices, clinics and patients refer to.
cat-locations-search = Search for a name, city or street
cat-locations-none = No places
cat-locations-none-text = Add one to set a price for a single city.
cat-location-new = New place
cat-location-lead = Its country and city are what prices are looked up by.
cat-location-name = Name
cat-location-country = Country
cat-location-address = Street and number
cat-location-lines = More lines of the address
cat-location-line = Line { $number }
cat-location-postal = Postal code
cat-location-city = City
cat-location-state = Region
cat-location-map = On the map
cat-location-map-hint = Latitude,longitude, or the https address of Google Maps, OpenStreetMap or Apple Maps.
cat-location-phone = Phone
cat-location-email = E-mail
cat-location-short = WhatsApp or SMS
cat-location-fax = Fax
cat-location-legal = Legal name
cat-location-tax = Tax number
cat-location-description = Description
cat-location-price = Starting price
cat-location-price-text = A place of its own can have another price than its country.
cat-location-price-set = Set its price
cat-location-remove = Take away
cat-location-remove-text = Only places nothing refers to can go.
cat-starting-price-place = Place
cat-starting-price-whole = A whole country instead
done-cat-location-saved = The place is saved.
done-cat-location-removed = The place is gone.
cat-region-drag = Move
cat-price-grid = Prices by currency
cat-price-grid-lead = What destinations show today, places down and currencies across.
cat-price-grid-place = Place

# Currencies and exchange rates.
fx-title = Currencies
fx-lead = In what money can be quoted and charged, and how exchange rates come.
fx-currency = Currency
fx-state = State
fx-rate = For 1 US dollar
fx-how = How
fx-since = Since
fx-state-off = Off
fx-state-default = Default
fx-state-active = In use
fx-state-failing = Source fails
fx-state-none = No rate
fx-how-auto = From { $source }, every { $hours } h
fx-how-manual = By hand
fx-pair = Exchange rate
fx-mode = How the rate comes
fx-mode-manual = Somebody types it
fx-mode-auto = It is read from a source
fx-source = Source
fx-source-feed = the configured feed
fx-source-simulator = the simulator
fx-sync = Read
fx-hours = { $count ->
    [one] every hour
   *[other] every { $count } hours
 }
fx-base = Units for 1 US dollar
fx-base-hint = Only used when somebody types it. At most six decimals.
fx-markup = Markup
fx-alert = Warn above
fx-alert-hint = Staff are told when a rate moves by more within a day.
fx-use = Use
fx-use-text = A currency in which prices, offers or open bookings are cannot be switched off.
fx-switch-off = Switch it off
fx-switch-on = Switch it on
done-fx-saved = The exchange rate is saved.
done-fx-switched = The currency is switched.
error-currency_default = The default currency is always there.
error-currency_in_use = Prices, offers or open bookings are in this currency.
error-currency_not_enabled = Switch the currency on first.
error-fx_source_failed = The source of exchange rates cannot be read at the moment. Nothing was saved.
