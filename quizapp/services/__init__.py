"""What people do, one module an activity: permission, load, domain, store.

Every function takes the session first, then who acts, then what it needs; `now`
comes from the way in. None of them commits.
"""
