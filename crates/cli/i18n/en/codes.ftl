### Words for the codes of alerts, answers and reports: `list-code`, with `_` for a dot.

code-unknown = not known

## status

status-actual = actual
status-exercise = drill
status-test = test

## msg-type

msg-type-alert = alert
msg-type-update = update
msg-type-cancel = stand-down
msg-type-correction = correction

## urgency

urgency-immediate = immediate
urgency-expected = expected soon
urgency-future = later
urgency-past = past

## severity

severity-extreme = extreme
severity-severe = severe
severity-moderate = moderate
severity-minor = minor

## certainty

certainty-observed = observed
certainty-likely = likely
certainty-possible = possible
certainty-unlikely = unlikely

## verification-state

verification-state-verified = verified
verification-state-corroborated = corroborated
verification-state-unverified = not verified
verification-state-not-found = looked for and not found
verification-state-false-alarm = false alarm
verification-state-withdrawn = withdrawn

## method

method-on-site = in person
method-photo = from a photo
method-two-reports = by two separate reports
method-call-back = by calling back
method-trusted-reporter = by a trusted reporter
method-official = by an official source

## ask

ask-observe = observe
ask-verify = go and see whether it is true
ask-standby = stand by
ask-support = come and support
ask-stay-in = stay inside
ask-leave = leave the area
ask-avoid = avoid the area
ask-monitor = stay informed
ask-all-clear = all clear
ask-none = nothing

## outcome

outcome-resolved = resolved
outcome-agents-left = the agents left
outcome-person-detained = somebody was detained
outcome-person-released = somebody was released
outcome-not-enforcement = it was not enforcement
outcome-never-found = never found
outcome-handed-off = handed to somebody else
outcome-other = another outcome

## kind

kind-enforcement_raid = raid
kind-enforcement_checkpoint = checkpoint
kind-enforcement_public-place = agents in a public place
kind-enforcement_targeted = agents looking for one person
kind-enforcement_traffic-stop = traffic stop
kind-enforcement_workplace = raid at a workplace
kind-enforcement_home = agents at a home
kind-enforcement_courthouse = agents at a courthouse
kind-enforcement_probation = agents at a probation office
kind-enforcement_jail-transfer = transfer from a jail
kind-enforcement_custody-request = request to hold somebody in custody
kind-enforcement_transit = agents on public transit
kind-enforcement_joint-operation = joint operation of agencies
kind-enforcement_other = other enforcement
kind-support_release = release from detention
kind-support_family = support for a family
kind-support_ride = ride needed
kind-support_supplies = supplies needed
kind-support_housing = housing needed
kind-support_court-accompaniment = company to court
kind-support_interpretation = interpreter needed
kind-support_medical = medical support needed
kind-support_other = other support
kind-community_fire = fire
kind-community_flood = flood
kind-community_storm = storm
kind-community_heat = extreme heat
kind-community_power = power outage
kind-community_missing-person = missing person
kind-community_hate-incident = hate incident
kind-community_medical = medical emergency
kind-community_other = other emergency
kind-network_notice = notice
kind-network_training = training
kind-network_drill = drill
kind-network_call-to-action = call to action
kind-network_other = other news of the network
kind-rumor_debunk = rumor that is not true

## activity

activity-waiting = waiting
activity-knocking = knocking on doors
activity-questioning = questioning people
activity-detaining = detaining people
activity-loading = putting people into vehicles
activity-stopping-vehicles = stopping cars
activity-searching = searching
activity-leaving = leaving
activity-other = something else

## place-type

place-type-home = home
place-type-workplace = workplace
place-type-school = school
place-type-childcare = childcare
place-type-hospital-clinic = hospital or clinic
place-type-place-of-worship = place of worship
place-type-courthouse = courthouse
place-type-jail = jail
place-type-probation-office = probation office
place-type-dmv = DMV
place-type-street = street
place-type-roadside = roadside
place-type-transit = public transit
place-type-bus-station = bus station
place-type-airport = airport
place-type-store-market = store or market
place-type-shelter = shelter
place-type-detention-site = detention site
place-type-agency-office = office of an agency
place-type-park = park
place-type-other = another place

## agency

agency-ice-ero = ICE (ERO)
agency-hsi = HSI
agency-cbp = CBP
agency-fbi-dea = FBI or DEA
agency-other-federal = another federal agency
agency-local-police = local police
agency-sheriff = sheriff
agency-state-police = state police
agency-probation = probation officers
agency-jail-staff = jail staff
agency-private-security = private security
agency-not-enforcement = nobody of an agency

## police-role

police-role-supporting-raid = supporting a raid
police-role-checkpoint = at a checkpoint
police-role-called-agents-to-stop = called agents to a stop
police-role-holding-for-agents = holding people for agents
police-role-escort = escorting agents
police-role-none-seen = no police seen

## conduct

conduct-entry-without-warrant-shown = entered without showing a warrant
conduct-judicial-warrant-shown = showed a judge's warrant
conduct-admin-warrant-shown = showed an agency's own warrant
conduct-no-document-shown = showed no document
conduct-posed-as-police = posed as police
conduct-force-used = used force
conduct-injury = somebody was injured
conduct-threats = threatened people
conduct-recording-prevented = prevented recording
conduct-bystander-arrest = arrested a bystander
conduct-no-identification-given = did not identify themselves
conduct-other = other conduct

## source

source-own-eyes = seen with own eyes
source-relayed = passed on by somebody
source-hotline-call = call to the hotline
source-sms = text message
source-web-form = web form
source-partner-network = partner network

## strength

strength-weak = weak
strength-some = some
strength-strong = strong

## answer

answer-received = received
answer-seen = seen
answer-going = going
answer-on-scene = on scene
answer-standby = standing by
answer-cannot = cannot come
answer-leaving = leaving
answer-safe = safe
answer-help = needs help

## reason

reason-busy = busy
reason-too-far = too far away
reason-unsafe-for-me = not safe for them
reason-no-transport = no transport
reason-health = health
reason-off-duty = off duty
reason-rather-not-say = rather not say

## role

role-observer =
    { $count ->
        [one] observer
       *[other] observers
    }
role-verifier =
    { $count ->
        [one] verifier
       *[other] verifiers
    }
role-note-taker =
    { $count ->
        [one] note-taker
       *[other] note-takers
    }
role-interpreter =
    { $count ->
        [one] interpreter
       *[other] interpreters
    }
role-attorney =
    { $count ->
        [one] attorney
       *[other] attorneys
    }
role-legal-support =
    { $count ->
        [one] legal support person
       *[other] legal support people
    }
role-medic =
    { $count ->
        [one] medic
       *[other] medics
    }
role-driver =
    { $count ->
        [one] driver
       *[other] drivers
    }
role-family-liaison =
    { $count ->
        [one] family liaison
       *[other] family liaisons
    }
role-childcare =
    { $count ->
        [one] childcare person
       *[other] childcare people
    }
role-accompaniment =
    { $count ->
        [one] companion
       *[other] companions
    }
role-supplies =
    { $count ->
        [one] person with supplies
       *[other] people with supplies
    }
role-host =
    { $count ->
        [one] host
       *[other] hosts
    }
role-dispatcher =
    { $count ->
        [one] dispatcher
       *[other] dispatchers
    }
role-de-escalation =
    { $count ->
        [one] de-escalation person
       *[other] de-escalation people
    }
role-media =
    { $count ->
        [one] media person
       *[other] media people
    }
