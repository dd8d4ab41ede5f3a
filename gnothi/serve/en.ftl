# What the API says when it refuses, beside its machine-readable code.
problem-bad-request = The request can't be read. Send JSON as the API's description shows it.
problem-invalid = Some values of the request don't fit. The list of fields says which and why.
problem-not-found = There is nothing here by that name.
problem-method-not-allowed = This address exists, but not with that method.
problem-wrong-media-type = This address takes JSON: send it with Content-Type application/json.
problem-too-large = The request is too large: at most { $limit } bytes are read here.
problem-too-slow = The request took too long to arrive.
problem-too-many = Too many requests at once. Wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
  } and try again.
problem-busy = Too many connections are open. Close one and try again.
problem-unknown-host = This address is not one that Gnothi answers to. Open it by its own address instead.
problem-foreign-origin = Another web page tried to talk to Gnothi. Open Gnothi's own page instead.
problem-no-token = This device is not paired. Pair it with the code that 'gnothi run --lan' shows.
problem-not-allowed = Only a grown-up of the household may do that.
problem-pairing-code = The pairing code is wrong, was already used or is older than ten minutes. Ask for a new one.
problem-needs-confirmation = That needs a confirmation: send it again with "confirm": true.
problem-not-served = The home does not offer { $service } for { $device }.
problem-bad-home = The home file can't be used: { $reason }
problem-unknown-person = Nobody called { $person } lives here.
problem-last-grown-up = Somebody grown-up must live here, to look after the rest.
problem-artifact = That version can't be used: { $reason }
problem-nothing-decided = Nothing was understood of that, so there is no decision to explain.
problem-learning = Gnothi is learning already.
problem-not-ringing = That does not ring at the moment.
problem-no-music = No music folder is set. Set GNOTHI_MUSIC to a folder with audio files.
problem-unavailable = Something that Gnothi depends on does not answer: { $reason }
problem-storage = The journal can't be read or written at the moment: { $reason }
problem-internal = Something went wrong inside Gnothi. Its log says more.
problem-bad-message = That message is not one that this connection understands.
problem-bad-sound = A microphone first says, in a message of type begin, how many samples a second it sends: a rate from 8000 to 96000. Then it sends 16-bit samples in binary messages. Or it says that it sends Opus, with "codec": "ogg-opus" or "opus".
sound-is-file = That is a file, and samples were announced: send samples without a header, or say in begin that you send Ogg Opus ("codec": "ogg-opus").
problem-too-fast = Sound comes faster than anybody speaks. Its rate is probably not the one that was named.

# The page that pairs a device.
pair-title = Pair this device with Gnothi
pair-explain = Gnothi will know this device from now on, until somebody removes it.
pair-device-name = Name of this device
pair-person = Who uses it?
pair-guest = A guest
pair-button = Pair
pair-failed = The pairing code is wrong, was already used or is older than ten minutes. Ask for a new one.

# What the terminal says.
run-ready = Gnothi is ready: { $address }
run-lan = On this network: { $address }
run-fingerprint = Certificate (SHA-256): { $fingerprint }
run-pair = To pair a phone, scan this within { $minutes } minutes:
run-wyoming = Wyoming is served at { $address }
run-satellite = Listening at { $name }, { $address }
run-port-taken = Port { $port } is in use. Choose another one with --port, or leave it out.
run-no-free-port = No free port from { $first } to { $last }. Choose one with --port.
run-wyoming-exposed = The Wyoming protocol has no passwords. To serve it beyond this machine, say which machines may connect, with --wyoming-from ADDRESS.
run-wyoming-address = { $address } is not an address for Wyoming. Write it like tcp://127.0.0.1:10500.
wyoming-hears = Knows the names of your home, and what can be asked of it
wyoming-speaks = Speaks with { $speaker }
wyoming-bad-sound = This sound can't be heard: send samples of 8, 16 or 32 bits, with their rate and channels.
wyoming-too-long = This sound goes on for too long: say it in pieces.
wyoming-no-language = Nobody knows the language "{ $language }" here.
wyoming-no-text = There is no text to say.
wyoming-long-text = This text is too long: say it in pieces.
wyoming-busy = Too many are listened or spoken to at once. Try again in a moment.
wyoming-unheard = Nobody said anything that could be made out.
wyoming-no-wake = Nothing listens for a wake word here: let the satellite listen for it, or say what listens, with --wake.
wyoming-no-stage = Only pipelines that begin with a wake word or with speech are run here.
run-satellite-name = { $address } names no device. Write it like kitchen=tcp://192.168.1.20:10700.
run-satellite-long = The name of the device in { $address }… is too long. Write it like kitchen=tcp://192.168.1.20:10700.
wyoming-description = Gnothi, an assistant that learns from its own conversations
